export type PluginTemplate = 'domain' | 'executor' | 'layer' | 'service' | 'task'

interface PluginKind {
  /** For people. */
  readonly summary: string
  /** Folders of `templates/plugin`; of a file that is in several, the last one counts. */
  readonly folders: readonly string[]
  /** The longest that it puts after the plugin's name, where it brings more than the name itself. */
  readonly suffix: string
}

/** What `harness plugins new` can write. */
export const pluginKinds: Readonly<Record<PluginTemplate, PluginKind>> = {
  executor: {summary: 'another way to run things, a target type', folders: ['common', 'executor'], suffix: ''},
  service: {summary: 'a service type with setup, actions and events', folders: ['common', 'service'], suffix: ''},
  task: {summary: 'a task type with input, output and events', folders: ['common', 'task'], suffix: ''},
  layer: {summary: 'a layer, which rewrites commands', folders: ['common', 'layer'], suffix: ''},
  domain: {
    summary: 'a service type, a task type and a command that belong together',
    folders: ['common', 'service', 'domain'],
    suffix: '-seed',
  },
}
