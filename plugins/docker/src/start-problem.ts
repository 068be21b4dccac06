import type {PluginServices, StartRequest} from '@service-harness/cli/plugin'
import {statusOf, wordsOf} from './engine/problem.js'
import {builtImage, containerName} from './names.js'
import type {DockerSpec} from './spec.js'

interface Known {
  readonly words: RegExp
  readonly code: string
  readonly reason: (match: RegExpExecArray, request: StartRequest<DockerSpec>, said: string) => string
  readonly hint: (match: RegExpExecArray, request: StartRequest<DockerSpec>) => string
}

/** What the engine says of what people get wrong. Its words change from version to version; what is not known is handed on as it is. */
const problems: readonly Known[] = [
  {
    words:
      /Bind for .*?:(\d+) failed: port is already allocated|address already in use.*?:(\d+)|:(\d+): bind: address already in use/i,
    code: 'PORT_BUSY',
    reason: ([, ...ports]) => `port ${ports.find(Boolean) ?? ''} is taken on this machine`,
    hint: () =>
      'End who has it (`docker ps` shows ports of containers), or give the service another port; 0 takes a free one.',
  },
  {
    words: /The container name "\/?([^"]+)" is already in use by container "?([0-9a-f]+)/,
    code: 'SERVICE_START_FAILED',
    reason: ([, name, id]) =>
      `there is a container called '${name ?? ''}' that is not of this attempt (${id?.slice(0, 12) ?? ''})`,
    hint: ([, name]) =>
      `Look at it with \`docker inspect ${name ?? ''}\`; remove or rename it yourself. harness removes only what it has made.`,
  },
  {
    words: /bind source path does not exist: (.*)/,
    code: 'SERVICE_START_FAILED',
    reason: ([, path]) => `there is no '${path?.trim() ?? ''}' to mount`,
    hint: () => `Make it, or correct 'volumes' in the stack file.`,
  },
  {
    words:
      /invalid mount|mount path must be absolute|invalid volume specification|includes invalid characters for a local volume name/i,
    code: 'SERVICE_START_FAILED',
    reason: (_match, _request, said) => `a volume cannot be mounted: ${said}`,
    hint: () => `Correct 'volumes' in the stack file: SOURCE:TARGET[:ro], with a whole path as target.`,
  },
  {
    words: /No such image/i,
    code: 'SERVICE_START_FAILED',
    reason: (_match, request) => `the engine has no image '${builtImage(request)}' any more`,
    hint: () => 'Start it once more: the image is fetched again.',
  },
  {
    words: /unable to find (user|group) ([^:]+): no matching entries/i,
    code: 'SERVICE_START_FAILED',
    reason: ([, kind, name], request) => `there is no ${kind ?? 'user'} '${name ?? ''}' in '${builtImage(request)}'`,
    hint: () => `Correct 'user' in the stack file: a name that the image has, or a number.`,
  },
  {
    words: /no command specified/i,
    code: 'SERVICE_START_FAILED',
    reason: (_match, request) => `'${builtImage(request)}' does not say what to run`,
    hint: () => `Write 'command' at its target in the stack file.`,
  },
  {
    words: /network (\S+) not found/i,
    code: 'SERVICE_START_FAILED',
    reason: ([, name]) => `there is no network '${name ?? ''}'`,
    hint: ([, name]) =>
      `Make it with \`docker network create ${name ?? ''}\`, or leave 'external' out under 'networks' in the stack file.`,
  },
  {
    words: /executable file not found in \$PATH|exec: "[^"]+": |exec: "?([^":]+)"?: .*not found/i,
    code: 'SERVICE_START_FAILED',
    reason: (_match, request, said) => `its program cannot be run in '${builtImage(request)}': ${said}`,
    hint: () => `Correct 'command' or 'entrypoint' in the stack file: they are lists, and no shell reads them.`,
  },
]

/** One clear error for a container that cannot be made or started. */
export function startProblem(error: unknown, request: StartRequest<DockerSpec>, services: PluginServices): Error {
  const said = wordsOf(error)
  for (const {words, code, reason, hint} of problems) {
    const match = words.exec(said)
    if (!match) continue
    return services.error(code, {
      subject: request.service,
      reason: reason(match, request, said),
      hint: hint(match, request),
      cause: error,
    })
  }
  return services.error('SERVICE_START_FAILED', {
    subject: request.service,
    reason: `the engine does not start '${containerName(request)}': ${said}`,
    hint: statusOf(error) === 400 ? `Correct its fields in the stack file.` : 'Look at the log of the engine.',
    cause: error,
  })
}
