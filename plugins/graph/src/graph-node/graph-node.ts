import type {PluginServices, ServiceContext} from '@service-harness/cli/plugin'
import {addressOf, urlOf} from '../shared/address-of.js'
import type {Peer, Wire} from '../shared/http.js'
import {call, RpcError} from '../shared/json-rpc.js'
import {defaultNetwork, urlOfProvider, type GraphNodeConfig} from './config.js'
import {askGraphql, type GraphqlAnswer} from './graphql.js'
import {ports} from './ports.js'

export type Context = ServiceContext<GraphNodeConfig>

/** The running graph-node, and what it works with, as this machine reaches them. */
export class GraphNode {
  readonly wire: Wire

  constructor(
    private readonly context: Context,
    private readonly services: PluginServices,
  ) {
    this.wire = {services, signal: context.signal}
  }

  /** Throws what it refuses as ACTION_FAILED, in its own words. */
  async admin<Result>(method: string, params: object): Promise<Result> {
    try {
      return await call<Result>(this.peer('admin'), method, params, {...this.wire, timeoutMs: 120_000})
    } catch (error) {
      if (error instanceof RpcError) throw this.failed(`graph-node refuses ${method}: ${error.message}`)
      throw error
    }
  }

  /** What it says of its own work. */
  async status<Data>(query: string, variables: object = {}): Promise<Data> {
    const peer = this.peer('status', '/graphql')
    const {data, errors = []} = await askGraphql<Data>(peer, {query, variables}, this.wire)
    if (errors.length === 0 && data != null) return data
    throw this.failed(`graph-node does not tell its status: ${errors.map(({message}) => message).join('; ')}`)
  }

  /** What it answers about the data of a subgraph. */
  query(path: string, question: {readonly query: string; readonly variables: object}): Promise<GraphqlAnswer<object>> {
    return askGraphql(this.peer('http', path), question, this.wire)
  }

  /** Where a path of its port for queries is. */
  queryUrl(path: string): string {
    return this.peer('http', path).url
  }

  /** The RPC of IPFS. */
  get ipfs(): string {
    return (this.context.config.ipfs ?? this.context.endpointOf('ipfs')).replace(/\/$/, '')
  }

  /** The names of its networks. `undefined`: it is somebody else's, and the stack file does not say. */
  get networks(): readonly string[] | undefined {
    const {config, target} = this.context
    if (config.ethereum) return Object.keys(config.ethereum)
    // As the target of this type is run when nothing is said.
    return JSON.stringify(target.spec).includes(`"--ethereum-rpc","${defaultNetwork}:`) ? [defaultNetwork] : undefined
  }

  /** Asks a chain. `undefined` where the stack does not say where it is. */
  async chain<Result>(network: string, method: string, params: readonly unknown[]): Promise<Result | undefined> {
    const url = this.chainUrl(network)
    if (url === undefined) return undefined
    try {
      return await call<Result>({what: `the chain '${network}'`, url}, method, params, this.wire)
    } catch (error) {
      if (error instanceof RpcError) throw this.failed(`The chain '${network}' refuses ${method}: ${error.message}`)
      throw error
    }
  }

  chainUrl(network: string): string | undefined {
    const {ethereum} = this.context.config
    const given = ethereum?.[network]
    if (given !== undefined) return urlOfProvider(given)
    if (ethereum !== undefined || network !== defaultNetwork) return undefined
    try {
      return this.context.endpointOf('anvil')
    } catch {
      return undefined
    }
  }

  failed(reason: string, hint?: string): Error {
    return this.services.error('ACTION_FAILED', {
      subject: 'graph-node',
      reason,
      hint: hint ?? 'What graph-node has printed may say more: `harness logs`.',
    })
  }

  /** What it was given is wrong, in a way that no schema can say. */
  invalid(reason: string): Error {
    return this.failed(reason, 'See `harness action list` for what it takes.')
  }

  private peer(port: keyof typeof ports, path = '/'): Peer {
    return {what: 'graph-node', url: `${urlOf(addressOf(this.context, ports[port]))}${path}`}
  }
}
