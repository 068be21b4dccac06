import type {LoadedPlugin, PluginKind} from '../contract/catalogue.js'

/** Where one plugin comes from. Nothing of its code has run yet. */
export interface PluginSource {
  /** The package, as `harness plugins` takes it. */
  readonly name: string
  readonly version: string
  readonly kind: PluginKind
  /** `"harness": {"api": …}` in its package.json. */
  readonly api: string | undefined
  /** The folder of its package, where it has one: an error with a line of that in its stack trace is its own. */
  readonly root?: string
  /** Imports the module that brings the hook as its default export. */
  load(): Promise<unknown>
}

export function identityOf({name, version, kind}: PluginSource): LoadedPlugin {
  return {name, version, kind}
}
