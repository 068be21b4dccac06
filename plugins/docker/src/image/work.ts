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
