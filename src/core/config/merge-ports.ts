import type {PortDefinition} from '../contract/stack.js'

/**
 * The ports that the file names, then those that the type brings beside them. No port comes twice: one that the file has without a name, and the type by the same
 * number, is what the type calls it, since its own checks and targets refer to it so. `rpc: 0` says nothing of what is spoken there; the type knows it.
 */
export function mergePorts(own: readonly PortDefinition[], brought: readonly PortDefinition[]): PortDefinition[] {
  const taken = new Set(own.map(({name}) => name))
  const named = own.map((port) => {
    const same = isNameless(port)
      ? brought.find((each) => numberOf(each) === numberOf(port) && !taken.has(each.name))
      : spokenAs(port, brought)
    return same ? {...port, name: same.name, protocol: same.protocol} : port
  })
  const names = new Set(named.map(({name}) => name))
  const numbers = new Set(named.map(numberOf))
  // Any free port is another one.
  const others = brought.filter(
    (port) => !names.has(port.name) && (numberOf(port) === 0 || !numbers.has(numberOf(port))),
  )
  return [...named, ...others]
}

/** The same port of the type, where the file leaves its protocol to be tcp. */
function spokenAs({name, protocol}: PortDefinition, brought: readonly PortDefinition[]): PortDefinition | undefined {
  return protocol === 'tcp' ? brought.find((each) => each.name === name && each.protocol !== 'udp') : undefined
}

/** What a file calls a port that it gives no name: see `readPorts`. */
function isNameless(port: PortDefinition): boolean {
  return numberOf(port) !== 0 && (port.name === 'default' || port.name === String(numberOf(port)))
}

/** Where the program listens. */
function numberOf({port, container}: PortDefinition): number {
  return container ?? port
}
