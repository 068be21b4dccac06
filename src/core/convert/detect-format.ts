import path from 'node:path'
import {HarnessError} from '../base/errors.js'
import {isJsonObject} from '../base/json.js'
import {parseValue} from './parse-source.js'
import {unreadable} from './unreadable.js'

export const importFormats = ['process-compose', 'compose', 'procfile', 'pm2'] as const
export type ImportFormat = (typeof importFormats)[number]

/**
 * What a file is: by its name where that says it, else by what is in it. `compose.yaml` is a name that Compose and process-compose share.
 * USAGE when neither tells; a script of pm2 is refused, because no foreign code is run.
 */
export function detectFormat(file: string, text: string): ImportFormat {
  const name = path.basename(file)
  if (/\.[cm]?[jt]s$/.test(name)) throw refuseScript(file)
  if (/^Procfile(\.\w+)?$/i.test(name)) return 'procfile'
  if (/^process-compose/.test(name)) return 'process-compose'
  if (/^docker-compose/.test(name)) return 'compose'
  if (/^(ecosystem|pm2|process)\b.*\.(json|ya?ml)$/.test(name)) return 'pm2'
  const found = byContent(file, text)
  if (found) return found
  throw new HarnessError('USAGE', {
    subject: file,
    reason: 'it cannot be told which tool it belongs to',
    hint: `Say it with --from: ${importFormats.join(', ')}.`,
  })
}

/** A file that a program would have to be run for. */
export function refuseScript(file: string): HarnessError {
  return unreadable(
    file,
    'it is a program, and harness runs no code of the files that it imports',
    `Export it: \`node -p 'JSON.stringify(require("./${path.basename(file)}"))' > ecosystem.config.json\`, then import that.`,
  )
}

function byContent(file: string, text: string): ImportFormat | undefined {
  if (!/\.(json|ya?ml)$/.test(file) && /^[A-Za-z0-9_-]+:[ \t]+\S/.test(text) && !/^\s/m.test(text)) return 'procfile'
  const value = parseValue(file, text)
  if (Array.isArray(value)) return 'pm2'
  if (!isJsonObject(value)) return undefined
  const has = (key: string): boolean => Object.hasOwn(value, key)
  return has('processes') ? 'process-compose' : has('services') ? 'compose' : has('apps') ? 'pm2' : undefined
}
