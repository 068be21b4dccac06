import {rm} from 'node:fs/promises'
import {setFlagsFromString} from 'node:v8'
import {createLog, type Log, type LogLevel} from '../base/log.js'
import {systemClock} from '../base/clock.js'
import {HarnessError, messageOf} from '../base/errors.js'
import {ensurePrivateDirectory, exists} from '../base/private-files.js'
import {statePaths} from '../base/state-directory.js'
import {whoIs} from '../plugin/blame.js'
import {outlivePlugins, type StrayError} from '../plugin/outlive-plugins.js'
import type {PluginSource} from '../plugin/plugin-source.js'
import type {BaseDaemon, BaseDaemonBuilder} from './base-daemon.js'
import {openLogFile} from './log-file.js'

export interface RunDaemonOptions {
  readonly stateDirectory: string
  readonly level: LogLevel
  /** Ends with standard input, stops all services then, and takes the state directory away, which must have been made for that. @default false */
  readonly temporary?: boolean
  /** Whose errors those may be that nobody catches. */
  readonly plugins?: readonly PluginSource[]
  /** Hears each line of the log besides the file. */
  readonly onLine?: (line: string) => void
  readonly onReady?: (daemon: BaseDaemon) => void
}

/** Runs a daemon as this process until it ends: SIGTERM, SIGINT and SIGHUP end it in order. */
export async function runDaemon(configure: (log: Log) => BaseDaemonBuilder, options: RunDaemonOptions): Promise<void> {
  keepLinesYoung()
  const {temporary = false} = options
  if (temporary) await requireTemporary(options.stateDirectory)
  const log = await openDaemonLog(options)
  // A plugin may leave a rejected promise or a throwing timer behind. The services must not pay for that.
  using _outlived = outlivePlugins(options.plugins ?? [], logStray(log))
  logWarnings(log)
  const daemon = await configure(log).withStateDirectory(options.stateDirectory).withLog(log).build()
  log.info('the daemon is ready', {pid: process.pid, listeners: daemon.info.listeners})
  const end = (signal: string): void => {
    log.info('received a signal', {signal})
    void daemon.shutdown()
  }
  if (temporary) {
    process.stdin.resume().once('close', () => {
      log.info('whoever started this daemon has gone')
      void daemon.shutdown({stopServices: true})
    })
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end)
  options.onReady?.(daemon)
  await daemon.ended
  log.info('the daemon has ended')
  if (!temporary) return
  process.stdin.destroy()
  await rm(options.stateDirectory, {recursive: true, force: true})
}

/**
 * V8 learns where objects are made that live long, and then makes all of that place in its old generation. Of lines of logs, which live until they
 * are sent, it learns that by chance: tens of megabytes lie there until the next collection of the whole heap.
 */
function keepLinesYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring')
}

function logStray(log: Log): (stray: StrayError) => void {
  return ({error, sort, plugin}) => {
    const message = sort === 'exception' ? 'an error that nobody caught' : 'an error that nobody handled'
    log.error(message, {
      error: describe(error),
      ...(plugin && {
        plugin: whoIs(plugin),
        hint: `harness plugins update, or harness plugins uninstall ${plugin.name}`,
      }),
    })
  }
}

/** Node's own warnings as records of the log, in place of the bare text that it would write among them. */
function logWarnings(log: Log): void {
  process.removeAllListeners('warning')
  process.on('warning', (warning) => {
    log.warn('a warning of Node', {name: warning.name, error: describe(warning)})
  })
}

async function requireTemporary(stateDirectory: string): Promise<void> {
  if (await exists(statePaths(stateDirectory).temporary)) return
  throw new HarnessError('USAGE', {
    subject: stateDirectory,
    reason: 'it was not made to be taken away with its daemon',
  })
}

async function openDaemonLog({stateDirectory, level, onLine}: RunDaemonOptions): Promise<Log> {
  await ensurePrivateDirectory(stateDirectory)
  const append = openLogFile(statePaths(stateDirectory).log)
  return createLog({
    clock: systemClock,
    level,
    write(line) {
      append(line)
      onLine?.(line)
    },
  })
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : messageOf(error)
}
