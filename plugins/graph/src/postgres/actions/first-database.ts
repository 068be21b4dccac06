import {ownDatabase} from '../connect.js'
import type {Context} from '../postgres-services.js'
import {resolvedConfig} from '../resolved-config.js'

/** The one that is meant where none is named. */
export function firstDatabase({config}: Pick<Context, 'config'>): string {
  return resolvedConfig(config).databases[0] ?? ownDatabase()
}
