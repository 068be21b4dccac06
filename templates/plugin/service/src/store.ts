/** What the server can do, as functions. */
export interface Store {
  put(key: string, value: string): Promise<void>
  /** `undefined` for a key that was never put. */
  get(key: string): Promise<string | undefined>
  /** Sorted. */
  keys(): Promise<readonly string[]>
}

/** Speaks with the server at `http://host:port`. Its calls reject when the signal aborts. */
export function openStore(url: string, signal: AbortSignal): Store {
  const ask = async (path: string, request: RequestInit = {}): Promise<Response> => {
    const response = await fetch(new URL(path, url), {...request, signal})
    if (response.ok || response.status === 404) return response
    throw new Error(`${request.method ?? 'GET'} ${path} was answered with ${response.status}`)
  }
  return {
    async put(key, value) {
      await ask(pathOf(key), {method: 'PUT', body: value})
    },
    async get(key) {
      const response = await ask(pathOf(key))
      return response.ok ? await response.text() : undefined
    },
    async keys() {
      const response = await ask('/keys')
      return (await response.json()) as string[]
    },
  }
}

function pathOf(key: string): string {
  return `/keys/${encodeURIComponent(key)}`
}
