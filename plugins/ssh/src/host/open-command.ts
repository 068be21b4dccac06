import {randomBytes} from 'node:crypto'
import type {PseudoTtyOptions} from 'ssh2'
import {ask, LinkCut, withLink, type Connection} from '../connect/connection.js'
import type {Seat} from '../connect/sessions.js'
import {oneLine, wordsOf, type Errors} from '../problem.js'
import {channelOf, sent, type Sent} from './channel-of.js'
import {withSignal} from './link.js'
import type {OpenOptions, RemoteChannel} from './remote-host.js'
import {forPosixShell} from './shell-words.js'

/** So long a command may wait for others to end, before it is said that there is no room. */
const patienceMs = 30_000
/** So long the end of a command whose signal has aborted is waited for. */
const killMs = 5000

export interface CommandPlace {
  readonly errors: Errors
  /** Of the host. */
  readonly name: string
  readonly connection: Connection
}

interface Opening extends OpenOptions {
  readonly signal: AbortSignal
  /** It takes one of the places that are kept free, and is not ended itself. */
  readonly isUrgent?: boolean
}

interface What {
  readonly line: string
  readonly mark: string
}

export async function openCommand(place: CommandPlace, command: string, options: Opening): Promise<RemoteChannel> {
  const {errors, name, connection} = place
  if (command.includes('\0'))
    throw errors.error('SSH_REFUSED', {subject: name, reason: 'a command has a NUL character, which no shell takes'})
  const {signal, isUrgent = false} = options
  const mark = `harness-${randomBytes(8).toString('hex')}`
  const begun = await seated(place, options, {line: forPosixShell(command, mark), mark})
  try {
    const pid = await withSignal(begun.stdout.begun, signal)
    if (pid === undefined) throw await notBegun(begun, connection)
    return channelOf(begun, signal, isUrgent ? () => Promise.resolve() : () => killThere(place, Number(pid)))
  } catch (error) {
    begun.close()
    signal.throwIfAborted()
    throw whyNotOpened(errors, name, error)
  }
}

/** What the shell says instead of beginning. */
class NotBegun extends Error {}

async function notBegun({channel, stdout, ended}: Sent, connection: Connection): Promise<Error> {
  const stderr = channel.stderr.read() as Buffer | null
  const end = await ended
  if (!connection.isOpen) return new LinkCut(end.by === 'lost' ? end.reason : 'the link was cut')
  return new NotBegun(
    oneLine(`${stdout.noise.toString('utf8')} ${stderr?.toString('utf8') ?? ''}`) || 'it has ended at once',
  )
}

/** Most hosts run ten commands at a time over one connection: one that finds no room waits. */
async function seated(place: CommandPlace, options: Opening, what: What): Promise<Sent> {
  const {errors, name, connection} = place
  const {signal} = options
  const {sessions} = connection
  const patience = AbortSignal.timeout(patienceMs)
  for (;;) {
    const seat = await withLink(connection, AbortSignal.any([signal, patience]), (either) =>
      sessions.take(options.pty !== undefined || options.isUrgent === true, either),
    ).catch((error: unknown) => {
      signal.throwIfAborted()
      throw patience.aborted ? noRoom(place) : whyNotOpened(errors, name, error)
    })
    try {
      return await exec(connection, {...what, seat}, options)
    } catch (error) {
      const isFull = isRefusal(error) && sessions.refused(seat)
      seat[Symbol.dispose]()
      signal.throwIfAborted()
      if (!isFull) throw whyNotOpened(errors, name, error)
    }
  }
}

async function exec(
  connection: Connection,
  {line, mark, seat}: What & {readonly seat: Seat},
  options: Opening,
): Promise<Sent> {
  const pty: PseudoTtyOptions | undefined = options.pty && {
    ...{cols: options.pty.columns, rows: options.pty.rows, term: options.pty.term},
    ...{width: 0, height: 0},
  }
  let isWanted = true
  try {
    return await ask<Sent>(connection, options.signal, (done) => {
      connection.client.exec(line, pty ? {pty} : {}, (error: Error | undefined, channel) => {
        if (error) {
          done(error, undefined as never)
          return
        }
        const command = sent(channel, {connection, seat, mark})
        // Nobody waits for it any more.
        if (!isWanted) command.close()
        done(null, command)
      })
    })
  } finally {
    isWanted = false
  }
}

/**
 * Ends a command and all of its group: the signals of the protocol reach nothing where root has logged in. It must be a child of what has begun this one,
 * the sshd of this connection: its number may belong to another by now.
 */
async function killThere(place: CommandPlace, pid: number): Promise<void> {
  if (!Number.isSafeInteger(pid) || pid <= 1) return
  const isOurs = `grep -q "^PPid:[[:space:]]*$PPID\\$" /proc/${pid}/status`
  const script = `if test -e /proc/self/status; then ${isOurs} || exit 0; fi; kill -KILL -${pid}`
  const signal = AbortSignal.timeout(killMs)
  const channel = await openCommand(place, script, {signal, isUrgent: true})
  channel.stdout.resume()
  channel.stderr.resume()
  await channel.ended
}

/** The host opens no channel: mostly because too many are open. */
function isRefusal(error: unknown): boolean {
  return /channel open failure/i.test(wordsOf(error))
}

function noRoom({errors, name, connection}: CommandPlace): Error {
  return errors.error('SSH_REFUSED', {
    subject: name,
    reason: `${connection.sessions.inUse} commands run there over one connection, which is as many as it takes, and none of them has ended for ${patienceMs / 1000} s`,
    hint: "Give its sshd a larger 'MaxSessions'.",
  })
}

function whyNotOpened(errors: Errors, name: string, error: unknown): Error {
  if (error instanceof LinkCut)
    return errors.error('SSH_UNREACHABLE', {subject: name, reason: error.message, cause: error})
  const words = wordsOf(error).replace(/^channel open failure: /i, '')
  return errors.error('SSH_REFUSED', {
    subject: name,
    reason: error instanceof NotBegun ? `no shell begins there: ${words}` : `it runs no command for us (${words})`,
    hint: "See the shell of that user there, and 'ForceCommand' and 'MaxSessions' of its sshd.",
    cause: error,
  })
}
