import type {Context} from '../../../../plugins/graph/src/postgres/postgres-services.js'

/** What an action sees of a server at a port of this machine, whoever runs it there. */
export function contextAt(port: number, more: Partial<Context> = {}): Context & {emit: () => void} {
  const found = {name: 'postgres', protocol: 'tcp', host: '127.0.0.1', port} as const
  const context = {
    config: {},
    directory: '/nowhere',
    target: {type: 'process', spec: {}},
    signal: new AbortController().signal,
    endpoint: () => found,
    progress: () => undefined,
    emit: () => undefined,
    ...more,
  }
  return context as unknown as Context & {emit: () => void}
}
