import {newId} from '../core/base/ids.js'
import {printable} from '../core/base/printable.js'
import type {Client} from '../core/client/client.js'
import type {StackStatus} from '../core/contract/status.js'
import type {ResultOf} from '../core/protocol/methods.js'
import {findStack} from './ask-stack.js'
import {callerValues} from './caller-values.js'
import {knownStack} from './choose-stack.js'
import type {StackChoiceFlags} from './flags.js'
import {interrupted, interruptedExit} from './interruptible.js'
import {outcomeExit} from './outcome.js'
import type {Scale} from './parse-scale.js'
import {outcomeLines} from './print-outcome.js'
import {openStack, type OpenedStack} from './open-stack.js'
import {readStackIfAny} from './read-stack.js'
import {runRequest} from './run-request.js'
import type {Terminal} from './terminal.js'
import {withDaemon, type Host} from './with-daemon.js'

export interface ScaleWish {
  readonly choice: StackChoiceFlags
  readonly scales: readonly Scale[]
}

type Scaled = Scale & ResultOf<'service.scale'>

/** `harness scale`: one service after the other. Answers the exit code. */
export async function scaleServices(host: Host, {choice, scales}: ScaleWish): Promise<number> {
  const {terminal} = host
  return withDaemon(host, async (client) => {
    const {stack, loaded} = await stackToScale(client, choice, terminal)
    const caller = await callerValues(loaded, host)
    const known = await client.call('service.status', {stack, services: []})
    const done: Scaled[] = []
    for (const scale of scales) {
      const params = {stack, ...scale, ...caller, requestId: newId()}
      const end = await runRequest(terminal, (onProgress) => client.call('service.scale', params, {onProgress}))
      if (end === interrupted) {
        terminal.warn('The daemon goes on. See how it stands with `harness status`.')
        return interruptedExit
      }
      done.push({...scale, ...end})
    }
    print(terminal, known, done)
    return outcomeExit({failed: done.flatMap(({failed}) => failed), blocked: done.flatMap(({blocked}) => blocked)})
  })
}

/** One that runs is scaled as it is; an edit of its file takes no effect by the way. */
async function stackToScale(client: Client, choice: StackChoiceFlags, terminal: Terminal): Promise<OpenedStack> {
  const known = await findStack(client, choice, terminal)
  if (known.known) return {stack: known.stack, loaded: undefined}
  const loaded = await readStackIfAny(choice, terminal)
  return loaded ? openStack(client, loaded, {choice, terminal}) : {stack: knownStack(known), loaded}
}

function print(terminal: Terminal, {stack, name}: Pick<StackStatus, 'name' | 'stack'>, done: readonly Scaled[]): void {
  if (terminal.json) {
    const services = done.map(({stack: _, ...scaled}) => scaled)
    terminal.data({stack, name, services})
    return
  }
  for (const scaled of done) {
    for (const line of outcomeLines(scaled, terminal.errorStyle)) terminal.warn(line)
    terminal.out(scaleLine(scaled))
  }
}

/** What a scale has come to, in one line. */
export function scaleLine({
  service,
  replicas,
  started,
  stopped,
}: Pick<Scaled, 'replicas' | 'service' | 'started' | 'stopped'>): string {
  const parts = [
    started.length > 0 ? `started ${started.join(', ')}` : '',
    stopped.length > 0 ? `stopped ${stopped.join(', ')}` : '',
  ].filter((part) => part !== '')
  return printable(`${service}=${replicas}: ${parts.length === 0 ? 'nothing to do' : parts.join('; ')}.`)
}
