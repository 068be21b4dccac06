import {mkdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {findProgram, type Command} from './measure.js'
import {shell, type Services} from './services.js'

/** A tool that runs services, as far as it is measured. */
export interface Tool {
  readonly name: string
  /** Starts all services; nothing of the tool runs before. */
  readonly cold: Command
  /** Starts all services; the tool's daemon runs already. */
  readonly warm: Command
  readonly status: Command
  /** Stops all services; the daemon stays. */
  readonly stop: Command
  /** Ends the daemon. */
  readonly end: Command
}

type MakeTool = (folder: string, services: Services) => Promise<Tool | undefined>

/** harness, and what else of its kind is on PATH. */
export const makeTools: readonly MakeTool[] = [harness, pm2, supervisord]

async function harness(folder: string, services: Services): Promise<Tool> {
  const file = path.join(folder, 'harness.yaml')
  const all = services.names.map((name) => {
    // `$$` is a dollar in a stack file.
    const args = services.argsOf(name).map((word) => word.replaceAll('$', '$$$$'))
    return [name, {type: 'process', binary: shell, args}] as const
  })
  await writeFile(file, JSON.stringify({name: 'bench', services: Object.fromEntries(all)}))
  const run = fileURLToPath(new URL('../bin/run.js', import.meta.url))
  const command = (...args: string[]): Command => ({
    program: process.execPath,
    args: [run, ...args],
    env: {HARNESS_STATE_DIR: path.join(folder, 'state'), HARNESS_NO_USER_PLUGINS: '1'},
  })
  const start = command('start', '-q', '-c', file)
  const stop = command('stop', '-q')
  return {name: 'harness', cold: start, warm: start, status: command('status'), stop, end: command('daemon', 'stop')}
}

async function pm2(folder: string, services: Services): Promise<Tool | undefined> {
  const program = await findProgram('pm2')
  if (program === undefined) return undefined
  const file = path.join(folder, 'pm2.json')
  const apps = services.names.map((name) => ({
    name,
    script: shell,
    args: services.argsOf(name),
    interpreter: 'none',
  }))
  await writeFile(file, JSON.stringify({apps}))
  const command = (...args: string[]): Command => ({program, args, env: {PM2_HOME: path.join(folder, 'pm2')}})
  const start = command('start', file)
  const stop = command('delete', 'all')
  return {name: 'pm2', cold: start, warm: start, status: command('jlist'), stop, end: command('kill')}
}

async function supervisord(folder: string, services: Services): Promise<Tool | undefined> {
  const daemon = await findProgram('supervisord')
  const control = await findProgram('supervisorctl')
  if (daemon === undefined || control === undefined) return undefined
  const own = path.join(folder, 'supervisord')
  await mkdir(own)
  const file = path.join(own, 'supervisord.conf')
  const socket = path.join(own, 'sock')
  const quote = (word: string): string => `"${word.replaceAll('"', '\\"').replaceAll('%', '%%')}"`
  const programs = services.names.map((name) =>
    [
      `[program:${name}]`,
      `command=${[shell, ...services.argsOf(name)].map(quote).join(' ')}`,
      'startsecs=0',
      'stdout_logfile=/dev/null',
      'stderr_logfile=/dev/null',
    ].join('\n'),
  )
  const head = [
    `[unix_http_server]\nfile=${socket}`,
    '[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface',
    `[supervisorctl]\nserverurl=unix://${socket}`,
    `[supervisord]\nlogfile=${own}/log\npidfile=${own}/pid\nchildlogdir=${own}\nminprocs=1`,
  ]
  await writeFile(file, [...head, ...programs, ''].join('\n\n'))
  const command = (...args: string[]): Command => ({program: control, args: ['-c', file, ...args]})
  return {
    name: 'supervisord',
    cold: {program: daemon, args: ['-c', file]},
    warm: command('start', 'all'),
    status: command('status'),
    stop: command('stop', 'all'),
    end: command('shutdown'),
  }
}
