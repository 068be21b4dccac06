import {escapeSigns, printable} from '../core/base/printable.js'
import type {Client} from '../core/client/client.js'
import {shellQuote} from '../core/command/shell-quote.js'
import type {ServiceEnvironment} from '../core/protocol/methods.js'
import type {StackChoiceFlags} from './flags.js'
import type {Terminal} from './terminal.js'
import {withAnyStack} from './with-any-stack.js'
import type {Host} from './with-daemon.js'

export interface EnvWish {
  readonly choice: StackChoiceFlags
  readonly service: string
  /** As lines that a shell can read. */
  readonly exports: boolean
}

/** `harness env SERVICE`: what a service finds in its environment. Answers the exit code. */
export async function showEnv(host: Host, {choice, service, exports}: EnvWish): Promise<number> {
  const {terminal} = host
  const show = async (client: Client, stack: string): Promise<number> => {
    print(terminal, await client.call('service.env', {stack, service}), exports)
    return 0
  }
  return withAnyStack(host, choice, show)
}

function print(terminal: Terminal, found: ServiceEnvironment, exports: boolean): void {
  if (terminal.json) {
    terminal.data(found)
    return
  }
  const {service, changed, env, inherited} = found
  for (const [name, value] of Object.entries(env))
    terminal.out(exports ? exportLine(name, value) : `${printable(name)}=${printable(value)}`)
  if (changed)
    terminal.note(`'${service}' runs as its file was before: this is what it has after \`harness restart ${service}\`.`)
  if (inherited.length > 0) {
    terminal.note(`It inherits ${inherited.length} more variables of the environment that it was started from.`)
  }
}

/** A mask must not take the place of a value, and not every name is one for a shell. */
function exportLine(name: string, value: string): string {
  if (value.includes('***')) return `# ${printable(name)} holds a secret and is left out`
  if (!/^[A-Za-z_]\w*$/.test(name)) return `# ${printable(name)} is no name for a shell`
  return `export ${name}=${escapeSigns(shellQuote(value), printed)}`
}

/** What a terminal would act upon is printed by the shell that reads the line: `'a'"$(printf '\\033')"'b'`. */
function printed(sign: string): string {
  const bytes = [...Buffer.from(sign)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`)
  return `'"$(printf '${bytes.join('')}')"'`
}
