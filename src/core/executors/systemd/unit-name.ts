import type {StartRequest} from '../../contract/executor.js'

/** systemd takes names of 255 characters; the instance has 36. */
const longestPart = 80

/** `harness-<stack>-<service>-<instance>.service`: the instance makes it the only one, the rest is for people. */
export function transientUnitName({
  stack,
  service,
  instance,
}: Pick<StartRequest, 'instance' | 'service' | 'stack'>): string {
  return `harness-${plain(stack)}-${plain(service)}-${plain(instance)}.service`
}

/** A unit as systemd lists it: a name without a suffix is a service. */
export function fullUnitName(name: string): string {
  return suffixes.some((suffix) => name.endsWith(`.${suffix}`)) ? name : `${name}.service`
}

const suffixes = [
  'automount',
  'device',
  'mount',
  'path',
  'scope',
  'service',
  'slice',
  'socket',
  'swap',
  'target',
  'timer',
]

/** Neither `@`, which would make it an instance of a template, nor `\`, by which systemd escapes. */
function plain(text: string): string {
  return text.replace(/[^A-Za-z0-9_.:-]/g, '_').slice(0, longestPart)
}
