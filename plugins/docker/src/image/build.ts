import {readFile} from 'node:fs/promises'
import path from 'node:path'
import type Docker from 'dockerode'
import {isOurs, wordsOf} from '../engine/problem.js'
import {labels} from '../labels.js'
import {builtImage} from '../names.js'
import {registryLogin, registryOf} from '../registry-login.js'
import type {BuildSpec} from '../spec.js'
import {buildContext} from './context.js'
import {followed} from './progress.js'
import {StepOutput} from './step-output.js'
import type {ImageWork} from './work.js'

/** Builds the image of a service; what has not changed is taken from the engine's cache. SERVICE_START_FAILED. */
export async function buildImage(
  {context: source, dockerfile, target, args}: BuildSpec,
  work: ImageWork,
): Promise<void> {
  const {request, engine, services, context} = work
  const {signal} = context
  const folder = path.resolve(request.directory, source)
  const image = builtImage(request)
  const printed = new StepOutput()
  let unread: Error | undefined
  context.progress(`building ${image}`)
  try {
    const sent = await buildContext(folder, dockerfile)
    sent.once('error', (error) => {
      unread = error
    })
    const registryconfig = await baseLogins(path.join(folder, dockerfile ?? 'Dockerfile'), work)
    await engine.ask(async (docker) => {
      const stream = await docker.buildImage(sent, {
        registryconfig,
        t: image,
        // Also what a step that fails has run in.
        forcerm: true,
        labels: {[labels.stack]: request.stack, [labels.service]: request.service},
        abortSignal: signal,
        ...(dockerfile !== undefined && {dockerfile}),
        ...(target !== undefined && {target}),
        ...(args && {buildargs: args}),
      })
      await followed({docker, stream, signal}, ({stream: line}) => {
        if (line === undefined) return
        if (line.startsWith('Step ')) context.progress(`building ${image}: ${line.trim()}`)
        printed.add(line)
      })
    })
  } catch (error) {
    signal.throwIfAborted()
    if (isOurs(error) && !unread) throw error
    const why = unread ? `something in it cannot be read: ${unread.message}` : whyNotBuilt(error)
    throw services.error('SERVICE_START_FAILED', {
      subject: request.service,
      reason: `its image could not be built from '${folder}': ${why}${printed.last}`,
      hint: `Try \`docker build ${folder}\`, and correct 'build' in the stack file or the Dockerfile.`,
      cause: error,
    })
  }
}

/** What `docker login` has remembered for the registries of the images that a Dockerfile begins with. */
async function baseLogins(file: string, {services, context}: ImageWork): Promise<Docker.RegistryConfig> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const images = [...text.matchAll(/^\s*FROM\s+(?:--\S+\s+)*([^\s$]+)(?:\s|$)/gim)].map(([, image = '']) => image)
  const byRegistry = new Map(images.map((image) => [registryOf(image), image]))
  const logins = await Promise.all(
    [...byRegistry.values()].map((image) => registryLogin(image, services, context.signal)),
  )
  const known = logins.filter((login) => login !== undefined)
  return Object.fromEntries(known.map(({serveraddress, username, password}) => [serveraddress, {username, password}]))
}

function whyNotBuilt(error: unknown): string {
  const {code} = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return 'there is no such folder'
  if (code === 'ENOTDIR') return 'that is not a folder'
  return wordsOf(error)
}
