import {readdir, readFile, readlink} from 'node:fs/promises'
import {printable} from '../base/printable.js'
import {listPids, readArguments, readStat} from './platform.js'

export type Transport = 'tcp' | 'udp'

/** Who has a port. `hidden`: a process whose open files this user may not see. */
export type PortHolder =
  | {readonly kind: 'hidden'; readonly uid: number}
  | {
      readonly kind: 'process'
      readonly pid: number
      /** Its program and arguments, or its name; printable, and clipped. */
      readonly command: string
      /** Not so: the port is its own end of a connection to elsewhere. */
      readonly listens: boolean
      /** It listens for a container of an engine, whose port it hands on. */
      readonly forContainer: boolean
    }

/** Finds who has a port of this machine, on whatever address. `undefined` when nobody has (any more). Never throws. */
export async function findPortHolder(port: number, transport: Transport): Promise<PortHolder | undefined> {
  try {
    const sockets = await socketsAt(port, transport)
    const [socket] = sockets
    if (socket === undefined) return undefined
    const pid = await ownerOf(new Set(sockets.map(({inode}) => `socket:[${inode}]`)))
    if (pid === undefined) return {kind: 'hidden', uid: socket.uid}
    const command = commandOf(pid)
    return {kind: 'process', pid, command, listens: socket.listens, forContainer: handsOn.test(command)}
  } catch {
    return undefined
  }
}

/** Programs by which container engines publish ports. */
const handsOn = /^\S*(?:docker-proxy|rootlessport|slirp4netns)\b/

/** Fits after `Port 8080 is in use`. */
export function holderInWords(holder: PortHolder | undefined): string {
  if (holder === undefined) return 'another process listens on it'
  if (holder.kind === 'hidden') {
    return holder.uid === process.getuid?.()
      ? 'by a process that cannot be seen from here'
      : `by a process of another user (uid ${holder.uid})`
  }
  const {pid, command, listens, forContainer} = holder
  if (pid === process.pid) return `by harness itself (pid ${pid}), perhaps for a service that starts now`
  if (forContainer) return `by a container, for which pid ${pid} listens (${command})`
  return `by ${listens ? '' : 'a connection of '}pid ${pid} (${command})`
}

interface Socket {
  readonly inode: string
  readonly uid: number
  readonly listens: boolean
}

/** The sockets that listen, else those that are connected. */
async function socketsAt(port: number, transport: Transport): Promise<readonly Socket[]> {
  const tables = await Promise.all(
    [transport, `${transport}6`].map((name) => readFile(`/proc/self/net/${name}`, 'latin1').catch(() => '')),
  )
  const sockets = tables.flatMap((table) =>
    table
      .split('\n')
      .slice(1)
      .flatMap((line) => readSocket(line, port) ?? []),
  )
  const listening = sockets.filter(({listens}) => listens)
  return listening.length > 0 ? listening : sockets
}

/** One line of the kernel's table: number, local address, remote one, state, queues, timer, retransmits, uid, timeout, inode. */
function readSocket(line: string, port: number): Socket | undefined {
  const [, local = '', remote = '', state, , , , uid, , inode] = line.trim().split(/\s+/)
  const isOurs = Number.parseInt(local.slice(local.lastIndexOf(':') + 1), 16) === port
  // Without an inode it is a connection that ended, which holds no port.
  if (!isOurs || uid === undefined || inode === undefined || inode === '0') return undefined
  return {inode, uid: Number(uid), listens: state === listening || /^0+:0+$/.test(remote)}
}

const listening = '0A'

/** The first process that has one of these files open: of a server and its workers it is the server. */
async function ownerOf(targets: ReadonlySet<string>): Promise<number | undefined> {
  for (const pid of [...listPids()].sort((a, b) => a - b)) {
    const folder = `/proc/${pid}/fd`
    const files = await readdir(folder).catch(() => [])
    const links = await Promise.all(files.map((file) => readlink(`${folder}/${file}`).catch(() => '')))
    if (links.some((link) => targets.has(link))) return pid
  }
  return undefined
}

function commandOf(pid: number): string {
  const text = printable(readArguments(pid).join(' ').trim()) || (readStat(pid)?.name ?? 'ended')
  const letters = Array.from(text)
  return letters.length > longestCommand ? `${letters.slice(0, longestCommand - 1).join('')}…` : text
}

const longestCommand = 80
