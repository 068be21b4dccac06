import type {Command, Interfaces} from '@oclif/core'
import {isJsonObject, type Json} from '../core/base/json.js'
import type {Client} from '../core/client/client.js'
import type {ResultOf} from '../core/protocol/methods.js'
import {findStack} from './ask-stack.js'
import {withRunningDaemon, type Host} from './with-daemon.js'

type Actions = ResultOf<'action.list'>['actions']

/** For bash, and for zsh with its `bashcompinit`. What ends with `=` goes on without a space. */
export function shellFunction(bin: string): string {
  return `_${bin}() {
  local IFS=$'\\n'
  COMPREPLY=($(${bin} completion --line "\${COMP_LINE:0:COMP_POINT}" 2>/dev/null))
  [[ "\${COMPREPLY[0]}" == *= ]] && compopt -o nospace 2>/dev/null
  return 0
}
complete -o default -F _${bin} ${bin}`
}

/** What can stand at the end of a line that begins with the name of the program, as far as its last word is typed. Starts no daemon. */
export async function completeLine(line: string, config: Interfaces.Config, host: Host): Promise<readonly string[]> {
  const words = line.trimStart().split(/\s+/).slice(1)
  const [typed = ''] = words.slice(-1)
  const before = words.slice(0, -1)
  const command = commandOf(before, config)
  const own = command ? await wordsOf(command, {before, typed}, host) : []
  const all = [...commandWords(before, config), ...own]
  // A shell replaces what follows the `=`.
  const start = typed.slice(typed.startsWith('-') ? 0 : typed.indexOf('=') + 1)
  return [...new Set(all)].filter((word) => word.startsWith(start) && isPlain(word)).sort()
}

/** Nothing that a shell would read as anything but a word. */
function isPlain(word: string): boolean {
  return /^[\w.:@/+-]+=?$/.test(word)
}

function commandOf(words: readonly string[], {commands}: Interfaces.Config): Command.Loadable | undefined {
  const ids = words.map((_, index) => words.slice(0, index + 1).join(':')).reverse()
  return ids.map((id) => commands.find((each) => each.id === id)).find((each) => each !== undefined)
}

function commandWords(before: readonly string[], {commands}: Interfaces.Config): readonly string[] {
  const ids = commands.filter(({hidden}) => !hidden).map(({id}) => id.split(':'))
  return ids.filter((id) => before.every((word, index) => id[index] === word)).map((id) => id[before.length] ?? '')
}

interface Typing {
  readonly before: readonly string[]
  readonly typed: string
}

async function wordsOf(command: Command.Loadable, {before, typed}: Typing, host: Host): Promise<readonly string[]> {
  const {flags, id} = command
  if (typed.startsWith('-')) {
    return Object.entries(flags).flatMap(([name, {hidden}]) => (hidden ? [] : [`--${name}`]))
  }
  const rest = before.slice(id.split(':').length)
  const named = rest.filter((word, index) => !word.startsWith('-') && flagOf(rest[index - 1], flags) === undefined)
  const flag = flagOf(rest.at(-1), flags)
  const arg = flag === undefined ? argumentAt(named.length, command.args) : undefined
  if (id.startsWith('action:')) return actionWords(await actionsOf(host), {named, flag, arg, typed})
  return arg === 'service' || arg === 'services' ? await servicesOf(host) : []
}

/** The flag that this word gives a value to. */
function flagOf(word: string | undefined, flags: Command.Loadable['flags']): string | undefined {
  const all = Object.entries(flags).filter(([, {type}]) => type === 'option')
  return all.find(([name, {char}]) => word === `--${name}` || word === `-${char}`)?.[0]
}

function argumentAt(index: number, args: Command.Loadable['args']): string | undefined {
  const all = Object.entries(args)
  const [name] = all[index] ?? all.findLast(([, {multiple}]) => multiple) ?? []
  return name
}

interface ActionTyping {
  /** What stands there already: the service, then the action. */
  readonly named: readonly string[]
  readonly flag: string | undefined
  readonly arg: string | undefined
  readonly typed: string
}

function actionWords(actions: Actions, {named, flag, arg, typed}: ActionTyping): readonly string[] {
  if (flag === 'param') return parameterWords(actions.find(isCalled(named)), typed)
  if (arg === 'service') return actions.map(({service}) => service)
  return arg === 'action' ? actions.filter(({service}) => service === named[0]).map(({name}) => name) : []
}

function isCalled([service, action]: readonly string[]): (one: Actions[number]) => boolean {
  return (one) => one.service === service && one.name === action
}

/** Its fields, each with `=`; after that the values that one can have. */
function parameterWords(action: Actions[number] | undefined, typed: string): readonly string[] {
  const input = action?.input as Json | undefined
  const properties = isJsonObject(input) && isJsonObject(input['properties']) ? input['properties'] : {}
  const [, key] = /^([^=]*)=/.exec(typed) ?? []
  if (key === undefined) return Object.keys(properties).map((name) => `${name}=`)
  const field = properties[key]
  if (!isJsonObject(field)) return []
  if (field['type'] === 'boolean') return ['true', 'false']
  return Array.isArray(field['enum']) ? field['enum'].map(String) : []
}

async function actionsOf(host: Host): Promise<Actions> {
  return (await withStackHere(host, async (client, stack) => (await client.call('action.list', {stack})).actions)) ?? []
}

async function servicesOf(host: Host): Promise<readonly string[]> {
  const {services} =
    (await withStackHere(host, (client, stack) => client.call('service.status', {stack, services: []}))) ?? {}
  return services?.map(({name}) => name) ?? []
}

/** That of this folder. `undefined` where nobody can be asked. */
async function withStackHere<T>(
  host: Host,
  ask: (client: Client, stack: string) => Promise<T>,
): Promise<T | undefined> {
  return await withRunningDaemon(host, async (client) => {
    const choice = await findStack(client, {}, host.terminal)
    return choice.known ? await ask(client, choice.stack) : undefined
  }).catch(() => undefined)
}
