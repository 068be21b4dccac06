import {systemClock} from '../../core/base/clock.js'
import type {Client} from '../../core/client/client.js'
import {createClient, type HarnessClient} from '../../core/client/api/create.js'
import type {EventItem, EventSnapshot} from '../../core/client/api/events.js'
import {askStack} from '../ask-stack.js'
import type {StackChoiceFlags} from '../flags.js'
import {interrupted, interruptedExit, interruptible} from '../interruptible.js'
import {openDaemon, waitForDaemon, type Host} from '../with-daemon.js'
import {eventPrinter} from './event-printer.js'
import type {Topic} from '../../core/protocol/topics.js'
import {usualTopics} from './topics.js'

export interface EventsWish {
  readonly choice: StackChoiceFlags
  /** Services and tasks; none: all. */
  readonly services: readonly string[]
  readonly topics: readonly Topic[] | undefined
  readonly snapshot: boolean
}

/** `harness events`: answers the exit code. */
export async function showEvents(host: Host, wish: EventsWish): Promise<number> {
  const end = await interruptible((signal) => readOn(host, wish, signal))
  return end === interrupted ? interruptedExit : 0
}

async function readOn(host: Host, wish: EventsWish, signal: AbortSignal): Promise<void> {
  const {terminal} = host
  const first = await openDaemon(host)
  await using client = createClient(first, {
    dial: (dialing) =>
      waitForDaemon(host, dialing, () => {
        terminal.warn('The daemon is gone: events are shown again when one runs (harness daemon start).')
      }),
    clock: systemClock,
    reconnectMs: Infinity,
  })
  const stack = isChosen(wish.choice) ? await idOf(first, await askStack(first, wish.choice, terminal)) : undefined
  await show(host, client, {...wish, stack, signal})
}

/** STACK_UNKNOWN for one that the daemon does not know. */
async function idOf(client: Client, reference: string): Promise<string> {
  return (await client.call('service.status', {stack: reference, services: []})).stack
}

/** Without a flag it is about all stacks: what happens is not asked of one file. */
function isChosen({config, stack}: StackChoiceFlags): boolean {
  return config !== undefined || stack !== undefined
}

interface Showing extends EventsWish {
  /** Its id; `undefined` for all. */
  readonly stack: string | undefined
  readonly signal: AbortSignal
}

async function show({terminal}: Host, client: HarnessClient, wish: Showing): Promise<void> {
  const print = eventPrinter(terminal)
  const shown: ReadonlySet<string> = new Set<string>([...(wish.topics ?? usualTopics), 'snapshot'])
  // What stacks are called is to be known in any case.
  const topics = [...new Set([...(wish.topics ?? usualTopics), 'stack.loaded' as const])]
  let isShown = wish.snapshot
  let isFollowing = false
  for await (const item of client.events({topics, snapshot: true, signal: wish.signal})) {
    print.learn(item)
    if (item.topic === 'snapshot') for (const line of news(item, wish)) terminal.warn(line)
    if (!isFollowing) terminal.note('Following what happens. Ctrl-C ends it.')
    isFollowing = true
    const wanted = narrowed(item, wish)
    if (wanted && isShown && shown.has(item.topic)) print.show(wanted)
    isShown = true
  }
}

function news(item: EventSnapshot, wish: Showing): readonly string[] {
  if (item.gap) return ['Events were missed here. This is how everything is now:']
  return unknownIn(item, wish).map((name) => `Nothing is called '${name}' yet.`)
}

/** What of it was asked for; `undefined`: nothing. */
function narrowed(item: EventItem, wish: Showing): EventItem | undefined {
  const isWanted = nameTest(wish.services)
  if (item.topic !== 'snapshot') {
    const name = nameOf(item)
    const isIn = wish.stack === undefined || item.stack === wish.stack
    return isIn && (wish.services.length === 0 || (name !== undefined && isWanted(name))) ? item : undefined
  }
  const stacks = item.stacks
    .filter(({stack}) => wish.stack === undefined || stack === wish.stack)
    .map((status) => ({
      ...status,
      services: status.services.filter(({name}) => isWanted(name)),
      tasks: status.tasks.filter(({name}) => isWanted(name)),
    }))
  return {...item, stacks}
}

function nameOf(item: Exclude<EventItem, EventSnapshot>): string | undefined {
  if ('service' in item) return item.service
  return 'task' in item ? item.task : undefined
}

/** A service stands for its replicas too, of which there may be more later. */
function nameTest(wanted: readonly string[]): (name: string) => boolean {
  if (wanted.length === 0) return () => true
  return (name) => wanted.includes(name) || wanted.includes(name.replace(/-\d+$/, ''))
}

function unknownIn({stacks}: EventSnapshot, {stack, services}: Showing): readonly string[] {
  const among = stacks.filter((each) => stack === undefined || each.stack === stack)
  const names = among.flatMap((each) => [...each.services, ...each.tasks].map(({name}) => name))
  return services.filter((wanted) => !names.some(nameTest([wanted])))
}
