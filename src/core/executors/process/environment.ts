import type {StartRequest} from '../../contract/executor.js'

/** Said by the caller's shell about itself, and no longer true for a service. */
const stale = new Set(['OLDPWD', 'PWD', 'SHLVL', '_'])

/** What the program sees: the caller's environment without harness's own and the shell's variables, then what the stack file gives. */
export function serviceEnvironment(
  request: Pick<StartRequest, 'env' | 'inheritedEnv'>,
  cwd: string,
): Readonly<Record<string, string>> {
  const inherited = Object.entries(request.inheritedEnv).filter(
    ([name]) => !name.startsWith('HARNESS_') && !stale.has(name),
  )
  return {...Object.fromEntries(inherited), PWD: cwd, ...request.env}
}
