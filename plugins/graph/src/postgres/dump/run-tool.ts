import {execFile} from 'node:child_process'
import {createReadStream, createWriteStream} from 'node:fs'
import path from 'node:path'
import {once} from 'node:events'
import {promisify} from 'node:util'
import {addressOf} from '../../shared/address-of.js'
import {port} from '../connect.js'
import {programFolders} from '../launch/program-folders.js'
import type {Context, Services} from '../postgres-services.js'
import {resolvedConfig} from '../resolved-config.js'

type ToolName = 'pg_dump' | 'pg_restore'

export interface ToolRun {
  readonly name: ToolName
  readonly args: readonly string[]
  /** What it reads, or writes: its own standard input or output where it runs in a container. */
  readonly file: string
  readonly database: string
  /** Of the server. */
  readonly major: number
}

/** Runs a tool of PostgreSQL: in the container of the server, which has that of its own version; else here. Throws ACTION_FAILED, with what it has said. */
export async function runTool(run: ToolRun, context: Context, services: Services): Promise<void> {
  const {target, handle} = context
  const inContainer = target.type.startsWith('docker') && handle.openSession !== undefined
  const {ok, said} = await (inContainer ? runInside(run, context) : runHere(run, context, services))
  if (ok) return
  context.signal.throwIfAborted()
  throw failed(services, `${run.name} failed: ${firstProblem(said)}`)
}

interface ToolEnd {
  readonly ok: boolean
  readonly said: string
}

/** libpq reads all of it there: nothing of it stands in a command line. */
function variables({database}: ToolRun, context: Context, address: {readonly host: string; readonly port: number}) {
  const {user, password} = resolvedConfig(context.config)
  return {
    ...{PGHOST: address.host, PGPORT: String(address.port), PGUSER: user, PGPASSWORD: password, PGDATABASE: database},
    PGCONNECT_TIMEOUT: '10',
  }
}

async function runHere(run: ToolRun, context: Context, services: Services): Promise<ToolEnd> {
  const program = await findTool(run, services)
  const args = [...run.args, ...(run.name === 'pg_dump' ? ['--file', run.file] : [run.file])]
  const env = variables(run, context, addressOf(context, port))
  const {status, stderr} = await services.run({program, args, env}, context.signal)
  return {ok: status.by === 'code' && status.code === 0, said: stderr}
}

async function runInside(run: ToolRun, context: Context): Promise<ToolEnd> {
  const number = addressOf(context, port).containerPort ?? port.number
  const env = variables(run, context, {host: '127.0.0.1', port: number})
  const open = context.handle.openSession?.bind(context.handle)
  if (!open) throw new Error('its container takes no commands')
  await using session = await open({program: run.name, args: run.args, env})
  const end = (): void => void session[Symbol.asyncDispose]()
  context.signal.addEventListener('abort', end, {once: true})
  const [said] = await Promise.all([
    collect(session.output, run.name === 'pg_dump' ? run.file : undefined),
    run.name === 'pg_dump' ? session.endInput() : feed(session, run.file),
  ])
  context.signal.removeEventListener('abort', end)
  const status = await session.ended
  return {ok: status.by === 'code' && status.code === 0, said}
}

type OpenSession = Awaited<ReturnType<NonNullable<Context['handle']['openSession']>>>

/** Standard output goes to the file; what is said on standard error is answered. */
async function collect(output: OpenSession['output'], file: string | undefined): Promise<string> {
  const to = file === undefined ? undefined : createWriteStream(file, {flags: 'r+'})
  let said = ''
  for await (const {stream, bytes} of output) {
    if (stream === 'stderr') said = (said + Buffer.from(bytes).toString()).slice(-10_000)
    else if (to && !to.write(bytes)) await once(to, 'drain')
  }
  if (to) {
    to.end()
    await once(to, 'close')
  }
  return said
}

async function feed(session: OpenSession, file: string): Promise<void> {
  for await (const bytes of createReadStream(file)) await session.write(bytes as Buffer)
  await session.endInput()
}

/** The oldest that understands the server: newer ones write files that older servers' tools cannot read. */
async function findTool({name, major}: ToolRun, services: Services): Promise<string> {
  const all = await Promise.all(programFolders().map((folder) => versionOf(path.join(folder, name))))
  const found = all.filter((each) => each !== undefined).sort((a, b) => a.major - b.major)
  const fit = found.find((each) => each.major >= major)
  if (fit) return fit.program
  const newest = found.at(-1)
  const there =
    newest === undefined ? 'none on this machine' : `the newest of this machine is of version ${newest.major}`
  throw failed(
    services,
    `${name} of version ${major} or newer is needed, that of the server, and there is ${there}`.replace(
      'there is the',
      'the',
    ),
    `Type \`apt install postgresql-client-${major}\`.`,
  )
}

async function versionOf(program: string): Promise<{readonly program: string; readonly major: number} | undefined> {
  try {
    const {stdout} = await promisify(execFile)(program, ['--version'])
    return {program, major: Number.parseInt(/\) (\d+)/.exec(stdout)?.[1] ?? '0')}
  } catch {
    return undefined
  }
}

/** `pg_dump: error: connection failed: …`: the rest of the lines is about the same. */
function firstProblem(said: string): string {
  const lines = said.split('\n').filter((line) => line.trim() !== '')
  const found = lines.find((line) => line.includes('error:')) ?? lines.at(-1) ?? 'it has not said why'
  return found.replace(/^pg_\w+: (?:error: )?/, '').replace(/\.$/, '')
}

function failed(services: Services, reason: string, hint?: string): Error {
  return services.error('ACTION_FAILED', {subject: 'PostgreSQL', reason, ...(hint !== undefined && {hint})})
}
