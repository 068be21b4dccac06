import type {Stack} from '../../stack/stack.js'

/** What spans say of a stack beside what is in events. Never throws: what is unknown is left out. */
export interface StackNames {
  /** By its id, its name or its file. */
  find(reference: string): {readonly id: string; readonly name: string} | undefined
  /** The kind of executor that a service has. */
  executor(stack: string, service: string): string | undefined
  /** The names of a service's replicas. */
  replicas(stack: string, service: string): readonly string[]
}

export function stackNames(find: (reference: string) => Stack | undefined): StackNames {
  return {
    find: (reference) =>
      orUndefined(() => {
        const stack = find(reference)
        return stack && {id: stack.id, name: stack.definition.name}
      }),
    executor: (stack, service) => orUndefined(() => find(stack)?.registered([service])[0]?.target),
    replicas: (stack, service) => orUndefined(() => find(stack)?.resolve([service])) ?? [],
  }
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
