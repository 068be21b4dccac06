import type {StackDefinition} from '@service-harness/cli/plugin'

interface Dependents {
  readonly services: readonly string[]
  readonly tasks: readonly string[]
}

/** The services themselves, and all services and tasks that need them, directly or through others. */
export function dependentsOf({services, tasks}: StackDefinition, roots: readonly string[]): Dependents {
  const units = [
    ...Object.entries(services).map(([name, {dependencies}]) => ({key: `service ${name}`, name, dependencies})),
    ...Object.entries(tasks).map(([name, {dependencies}]) => ({key: `task ${name}`, name, dependencies})),
  ]
  const found = new Set(roots.map((name) => `service ${name}`))
  for (let before = -1; before < found.size;) {
    before = found.size
    for (const {key, dependencies} of units) {
      if (dependencies.some(({kind, name}) => found.has(`${kind} ${name}`))) found.add(key)
    }
  }
  const namesOf = (kind: string): readonly string[] =>
    [...found].filter((key) => key.startsWith(`${kind} `)).map((key) => key.slice(kind.length + 1))
  return {services: namesOf('service'), tasks: namesOf('task')}
}
