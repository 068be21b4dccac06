import path from 'node:path'
import {createChannel} from '../base/channel.js'
import {HarnessError, isErrorCode} from '../base/errors.js'
import {shortHash, toName} from '../base/ids.js'
import type {Log} from '../base/log.js'
import {ensurePrivateDirectorySync} from '../base/private-files.js'
import {shellText} from '../command/shell-text.js'
import {describeLayers, wrapAll} from '../command/wrap.js'
import type {LayerTools, PluginServices} from '../contract/services.js'
import type {LentServices} from '../process/lent.js'
import type {FindLayer} from './host.js'

export interface PluginServicesOptions {
  /** The plugin's package. */
  readonly name: string
  /** The folder that holds one folder for each plugin. */
  readonly stateDirectory: string
  readonly log: Log
  readonly lent: LentServices
  /** @default there is none */
  readonly layer?: FindLayer
}

/** What one plugin is lent. Its folder is made when it first asks for it, so that checking a stack leaves nothing behind. */
export function createPluginServices(options: PluginServicesOptions): PluginServices {
  const {name, lent} = options
  const directory = path.join(options.stateDirectory, directoryName(name))
  const log = options.log.with({plugin: name})
  return {
    log: {
      debug: (message, fields) => {
        log.debug(message, fields)
      },
      info: (message, fields) => {
        log.info(message, fields)
      },
      warn: (message, fields) => {
        log.warn(message, fields)
      },
    },
    get stateDir() {
      ensurePrivateDirectorySync(directory)
      return directory
    },
    ...lent,
    layers: layerTools(options.layer ?? (() => undefined)),
    shell: shellText,
    channel: createChannel,
    error: (code, info) => pluginError(name, code, info),
  }
}

function layerTools(find: FindLayer): LayerTools {
  return {
    wrap: (command, layers) => wrapAll(command, layers, find),
    describe: (layers) => describeLayers(layers, find),
  }
}

/** A folder name of its own for every package, also for `@scope/name`. */
function directoryName(name: string): string {
  const plain = toName(name)
  return plain === name ? plain : `${plain.slice(0, 54)}-${shortHash(name)}`
}

/** A code that is not in the table becomes PLUGIN_FAILED, which then names the plugin and keeps the code in its reason. */
function pluginError(plugin: string, code: string, info: Parameters<PluginServices['error']>[1]): Error {
  if (isErrorCode(code)) return new HarnessError(code, {...info, subject: info.subject ?? plugin})
  const said = [code, info.subject && `'${info.subject}'`, info.reason].filter(Boolean).join(': ')
  return new HarnessError('PLUGIN_FAILED', {...info, subject: plugin, reason: said})
}
