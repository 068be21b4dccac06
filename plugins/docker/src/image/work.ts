import type {PluginServices, StartContext, StartRequest} from '@service-harness/cli/plugin'
import type {Engine} from '../engine/engine.js'
import type {DockerSpec} from '../spec.js'

/** What getting an image is done with. */
export interface ImageWork {
  readonly request: StartRequest<DockerSpec>
  readonly engine: Engine
  readonly services: PluginServices
  readonly context: StartContext
}

/** One that says all there is to say. */
export function isFinal(error: unknown, {context: {signal}}: ImageWork): boolean {
  return signal.aborted || (error instanceof Error && error.name === 'HarnessError')
}
