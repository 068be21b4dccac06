import {printable} from '../core/base/printable.js'
import type {ServiceHealth} from '../core/contract/status.js'
import type {StackChoiceFlags} from './flags.js'
import {healthExit, healthLines} from './health-lines.js'
import {interrupted, interruptedExit, interruptible} from './interruptible.js'
import type {Host} from './with-daemon.js'
import {withStack} from './with-stack.js'

export interface HealthWish {
  readonly choice: StackChoiceFlags
  readonly services: readonly string[]
}

interface Checked {
  readonly stack: string | null
  readonly name: string | null
  readonly services: readonly ServiceHealth[]
}

/** `harness health`: answers the exit code. */
export async function showHealth(host: Host, {choice, services}: HealthWish): Promise<number> {
  const {terminal} = host
  const end = await interruptible((signal) =>
    withStack(host, choice, (client, stack) => client.call('health.check', {stack, services}, {signal})),
  )
  if (end === interrupted) return interruptedExit
  const checked: Checked = end.found ? end.value : {stack: null, name: null, services: []}
  if (terminal.json) terminal.data(checked)
  if (!end.found) terminal.out(`${end.said} \`harness start\` starts the stack of this folder.`)
  else if (checked.services.length === 0) terminal.out(`Nothing of ${printable(end.value.name)} is running.`)
  else for (const line of healthLines(checked.services, terminal.style)) terminal.out(line)
  return healthExit(checked.services)
}
