import type {Fingerprint} from '@service-harness/cli/plugin'
import type {Engine} from './engine/engine.js'

/** As it is; its types leave the options out. */
type AskVersion = (options: {readonly abortSignal: AbortSignal}) => Promise<{
  readonly Version: string
  readonly ApiVersion: string
}>

/** Is there an engine that answers? */
export async function fingerprint(engine: Engine, signal: AbortSignal): Promise<Fingerprint> {
  try {
    const {Version, ApiVersion} = await engine.ask((docker) =>
      (docker.version as AskVersion).call(docker, {abortSignal: signal}),
    )
    const {host, from} = await engine.address()
    return {
      health: 'healthy',
      description: `Docker ${Version} at ${host}`,
      attributes: {version: Version, api: ApiVersion, host, from},
    }
  } catch (error) {
    const {message, hint} = error as Error & {readonly hint?: string}
    return {health: 'undetected', description: message, attributes: hint === undefined ? {} : {hint}}
  }
}
