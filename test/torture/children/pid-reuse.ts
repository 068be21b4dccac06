import {execFile} from 'node:child_process'
import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {promisify} from 'node:util'
import {newId} from '../../../src/core/base/ids.js'
import type {Client} from '../../../src/core/client/client.js'
import {loadStack} from '../../../src/core/config/load-stack.js'
import type {StackStatus} from '../../../src/core/contract/status.js'
import {isAlive, Sandbox, until} from '../../support/harness.js'
import {takeCensus} from '../support/census.js'
import {callerEnv, kill9, killDaemonOf, openClient} from '../support/daemon.js'

/**
 * Run in a pid namespace of its own, where the next pid can be chosen: `pid-reuse.ts ROUNDS`. Kills programs with their shims and has strangers
 * take their numbers, in turn while no daemon is there and while the daemon is paused. Prints what became of the strangers.
 */
export interface Reused {
  /** Strangers that got the number of a program or a shim. */
  readonly strangers: number
  readonly programs: number
  readonly signalled: readonly number[]
  readonly ended: readonly number[]
  readonly adopted: readonly number[]
}

const services = 10
const rounds = Number(process.argv[2])
const sh = promisify(execFile)

await using sandbox = await Sandbox.make()
const signals = path.join(sandbox.folder, 'signals')
const marker = `marker-${newId()}`
await sandbox.write(
  `name: torture\nservices:${Array.from(
    {length: services},
    (_, index) => `
  s${index}:
    {type: process, binary: sh, args: [-c, 'while :; do sleep 1000; done'], env: {MARKER: ${marker}}, restart: {policy: always, delay: 10ms, max_attempts: 1000}}`,
  ).join('')}\n`,
)
const {definition} = await loadStack({cwd: sandbox.folder, env: {}})
const found = {
  strangers: 0,
  programs: 0,
  signalled: [] as number[],
  ended: [] as number[],
  adopted: [] as number[],
} satisfies Reused

/** Leads a session, as programs do, and notes each signal. */
const stranger = `trap 'echo $$ >> ${signals}' TERM INT HUP QUIT USR1 USR2 CONT; while :; do sleep 1000 & wait; done`

/** Starts a stranger under each number, from the highest on: what it forks takes those above. One shell for all: the daemon waits. */
const takeNumbers = `
stranger=$1; shift
for pid; do
  for attempt in 1 2 3 4 5 6 7 8 9; do
    [ ! -e /proc/$pid ] || break
    echo $((pid - 1)) > /proc/sys/kernel/ns_last_pid
    (exec setsid sh -c "$stranger" stranger) >/dev/null 2>&1 &
    [ $! != $pid ] || { echo $pid; break; }
    kill -KILL $!
  done
done`

for (let round = 0; round < rounds; round += 1) {
  const client = await openClient(sandbox)
  await client.call('stack.load', {definition, requestId: newId()})
  await client.call('service.start', {stack: 'torture', services: [], env: callerEnv, requestId: newId()})
  const strangers = round % 2 === 0 ? await whileGone(client) : await whilePaused(client)
  await judge(strangers)
}
console.log(JSON.stringify(found))

/** The daemon comes back to strangers where its programs were: none is taken for one of them, and each service starts anew. */
async function whileGone(victim: Client): Promise<readonly number[]> {
  const pids = await numbers(victim)
  await killDaemonOf(victim)
  const strangers = await replace(pids)
  await using client = await openClient(sandbox)
  await until(async () => (await running(client)) === services, 'every service runs again', 30_000)
  await noteAdopted(client, strangers)
  await client.call('service.stop', {stack: 'torture', services: [], dependents: 'leave', requestId: newId()})
  return strangers
}

/** The daemon is asked to stop what it believes to run: the numbers are others' by then. */
async function whilePaused(client: Client): Promise<readonly number[]> {
  const pids = await numbers(client)
  const {pid} = client.hello.daemon
  process.kill(pid, 'SIGSTOP')
  const strangers = await replace(pids)
  const stopped = client.call('service.stop', {
    stack: 'torture',
    services: [],
    dependents: 'leave',
    requestId: newId(),
  })
  process.kill(pid, 'SIGCONT')
  await stopped
  await noteAdopted(client, strangers)
  await client[Symbol.asyncDispose]()
  return strangers
}

/** Programs and shims. */
async function numbers(client: Client): Promise<readonly number[]> {
  const {attempts} = await client.call('daemon.census', {})
  found.programs += attempts.length
  return attempts.flatMap(({pid, shimPid}) => [pid, shimPid]).filter((pid) => pid !== null)
}

/** Ends all of them at once, so that no shim can write anything down, and gives their numbers to strangers. */
async function replace(pids: readonly number[]): Promise<readonly number[]> {
  const members = (await takeCensus(marker)).flatMap((attempt) => attempt.pids)
  // Shims first: one that sees its program end would write that down.
  for (const pid of [...pids, ...members].sort((one, other) => one - other)) kill9(pid)
  await until(async () => (await Promise.all(pids.map(isFree))).every(Boolean), 'the numbers are free')
  const {stdout} = await sh('sh', [
    '-c',
    takeNumbers,
    'take',
    stranger,
    ...pids.toSorted((one, other) => other - one).map(String),
  ])
  const strangers = stdout.trim().split(/\s+/).map(Number)
  found.strangers += strangers.length
  return strangers
}

async function isFree(pid: number): Promise<boolean> {
  return (await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')) === ''
}

async function noteAdopted(client: Client, strangers: readonly number[]): Promise<void> {
  const {attempts} = await client.call('daemon.census', {})
  found.adopted.push(...attempts.flatMap(({pid}) => (pid !== null && strangers.includes(pid) ? [pid] : [])))
}

async function judge(strangers: readonly number[]): Promise<void> {
  const noted = (await readFile(signals, 'utf8').catch(() => '')).split('\n').map(Number)
  for (const pid of strangers) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (!line.includes('stranger') || !(await isAlive(pid))) found.ended.push(pid)
    if (noted.includes(pid)) found.signalled.push(pid)
  }
  await until(async () => (await takeCensus(marker)).length === 0, 'the stop left nothing')
  strangers.forEach(kill9)
}

async function running(client: Client): Promise<number> {
  const status: StackStatus = await client.call('service.status', {stack: 'torture', services: []})
  return status.services.filter(({state}) => state === 'Running').length
}
