import {readFile} from 'node:fs/promises'
import {systemClock} from '../base/clock.js'
import {withDeadline} from '../base/deadline.js'
import {HarnessError, messageOf, systemCode} from '../base/errors.js'
import type {LoadedStack} from '../config/load-stack.js'
import {shortestSecret} from '../base/redactor.js'
import {usedSecrets} from '../config/used-secrets.js'
import {secretVariables} from '../config/variables.js'
import type {SecretSource} from '../contract/stack.js'
import {describeExit} from '../process/describe-exit.js'
import {runCommand} from '../process/run-command.js'

type Values = Readonly<Record<string, string>>

/** What a start is given beside the stack. */
export interface StartValues {
  /** For the `env` of `service.start`: what local services inherit, and under `secret.NAME` the values of the secrets. */
  readonly env: Values
  /** Secrets without a value, each with the reason. A start that needs one is refused. */
  readonly missing: readonly {readonly secret: string; readonly reason: string}[]
  /** Secrets that are too short to be masked in what harness shows. */
  readonly short: readonly string[]
}

/**
 * What a start of this stack is given: the caller's environment over the `.env` file, without harness's own settings and the variables that
 * secrets come from, and the value of each secret that is used. Commands of secrets are run here, with the caller's environment, at most 30 s each. `secretEnv`: where secrets come
 * from when that is another environment than the one that is given.
 */
export async function startValues(
  {definition, dotenv}: Pick<LoadedStack, 'definition' | 'dotenv'>,
  env: Readonly<Record<string, string | undefined>>,
  secretEnv = env,
): Promise<StartValues> {
  const {secrets = {}, directory} = definition
  const inherited = without(secretVariables(definition), withoutOwn({...Object.fromEntries(dotenv), ...env}))
  const variables = withoutOwn({...Object.fromEntries(dotenv), ...secretEnv})
  const used = Object.keys(secrets).length === 0 ? new Set() : usedSecrets(definition)
  const wanted = Object.entries(secrets).filter(([name]) => used.has(name))
  const read = await Promise.all(
    wanted.map(async ([secret, source]) => ({secret, ...(await readSecret(source, {variables, directory}))})),
  )
  const values = read.flatMap((each) => ('value' in each ? [[`secret.${each.secret}`, each.value] as const] : []))
  return {
    env: {...inherited, ...Object.fromEntries(values)},
    short: read.flatMap((each) => ('value' in each && each.value.length < shortestSecret ? [each.secret] : [])),
    missing: read.flatMap((each) => ('reason' in each ? [{secret: each.secret, reason: each.reason}] : [])),
  }
}

/** Harness's own settings reach no service, and nothing of the environment is taken for a secret. */
function withoutOwn(env: Readonly<Record<string, string | undefined>>): Values {
  return Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !/^(HARNESS_|secret\.)/.test(entry[0]),
    ),
  )
}

/** What a secret comes from is for those who ask for the secret, and not for all that inherit. */
function without(names: ReadonlySet<string>, env: Values): Values {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.has(name)))
}

type Read = {readonly reason: string} | {readonly value: string}

interface Caller {
  readonly variables: Values
  readonly directory: string
}

async function readSecret(source: SecretSource, caller: Caller): Promise<Read> {
  const read = await readSource(source, caller)
  if ('value' in read && read.value === '') return {reason: 'it is empty'}
  return 'value' in read && read.value.includes('\0') ? {reason: 'it holds a NUL byte'} : read
}

async function readSource(source: SecretSource, {variables, directory}: Caller): Promise<Read> {
  if ('env' in source) {
    const value = variables[source.env]
    return value === undefined ? {reason: `the variable ${source.env} is not set`} : {value}
  }
  if ('file' in source) return readSecretFile(source.file)
  return runSecretCommand(source.command, {variables, directory})
}

async function readSecretFile(file: string): Promise<Read> {
  try {
    return {value: withoutLineBreak(await readFile(file, 'utf8'))}
  } catch (error) {
    const code = systemCode(error)
    return {
      reason: `the file ${file} ${code === 'ENOENT' ? 'is not there' : `cannot be read: ${code ?? messageOf(error)}`}`,
    }
  }
}

const commandMs = 30_000

async function runSecretCommand([program = '', ...args]: readonly string[], caller: Caller): Promise<Read> {
  const late = new HarnessError('SECRET_MISSING', {subject: program, reason: 'it had not ended after 30 s'})
  try {
    const {status, stdout} = await withDeadline(
      (signal) => runCommand({program, args, env: caller.variables, cwd: caller.directory}, signal),
      {clock: systemClock, ms: commandMs, signal: new AbortController().signal, onTimeout: () => late},
    )
    if (status.by === 'code' && status.code === 0) return {value: withoutLineBreak(stdout)}
    // What it has printed may hold the secret, or half of it: it is not shown.
    return {reason: `the command ${program} failed: ${describeExit(status)}`}
  } catch (error) {
    return {reason: `the command ${program}: ${messageOf(error)}`}
  }
}

/** Of a file or of what a command prints, the line break at the end does not count. */
function withoutLineBreak(text: string): string {
  return text.replace(/\r?\n$/, '')
}
