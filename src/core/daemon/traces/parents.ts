import {ROOT_CONTEXT, type Context} from '@opentelemetry/api'

/** Which requests are about which services and tasks while they are under way. */
export class Parents {
  private readonly claims = new Map<string, readonly Context[]>()

  claim(keys: readonly string[], request: Context): Disposable {
    for (const key of keys) this.claims.set(key, [...this.of(key), request])
    return {
      [Symbol.dispose]: () => {
        for (const key of keys) this.release(key, request)
      },
    }
  }

  /** The request that what happens now belongs to: of several the newest. */
  parentOf(key: string): Context {
    return this.of(key).at(-1) ?? ROOT_CONTEXT
  }

  private of(key: string): readonly Context[] {
    return this.claims.get(key) ?? []
  }

  private release(key: string, request: Context): void {
    const rest = this.of(key).filter((claim) => claim !== request)
    if (rest.length === 0) this.claims.delete(key)
    else this.claims.set(key, rest)
  }
}

/** Names a service or task among those of all stacks. */
export function nodeKey(stack: string, kind: 'service' | 'task', name: string): string {
  return `${stack} ${kind}:${name}`
}
