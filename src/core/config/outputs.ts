import type {Catalogue} from '../contract/catalogue.js'
import type {ServiceDefinition} from '../contract/stack.js'
import {typeDefaults} from './endpoints.js'
import {logPatterns, readGroups} from './log-patterns.js'

export interface KnownOutputs {
  readonly names: readonly string[]
  /** `false`: there may be more, known only to a plugin. */
  readonly complete: boolean
}

/** What a service is known by once it is ready: the named groups of the log checks of its health check. */
export function outputsOf(service: ServiceDefinition, catalogue: Catalogue | undefined): KnownOutputs {
  const defaults = typeDefaults(service, catalogue)
  const probe = service.healthCheck ?? defaults?.readiness
  const patterns = probe ? logPatterns(probe.check, '').map(([, pattern]) => readGroups(pattern)) : []
  return {
    names: [...new Set(patterns.flatMap(({groups}) => groups ?? []))],
    complete: (probe ?? defaults) !== undefined && patterns.every(({groups}) => groups !== undefined),
  }
}
