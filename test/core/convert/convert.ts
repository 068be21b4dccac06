import {convertText} from '../../../src/core/convert/convert-text.js'
import type {Converted, Origin} from '../../../src/core/convert/converted.js'
import type {ImportFormat} from '../../../src/core/convert/detect-format.js'
import {writeStack} from '../../../src/core/convert/write-stack.js'

/** Converts a text whose file stands beside the stack file, unless `base` says otherwise. */
export function convert(format: ImportFormat, text: string, base = ''): Converted {
  const origin: Origin = {file: 'FILE', base}
  return convertText(format, origin, text)
}

/** The YAML below the line that names the file. */
export function written(format: ImportFormat, text: string, base = ''): string {
  return writeStack(convert(format, text, base), {from: 'FILE'})
    .replace(/^# From FILE.*\n/, '')
    .trimStart()
}

export function notesOf(format: ImportFormat, text: string): readonly string[] {
  return convert(format, text).notes.map(({path, message}) => `${path}: ${message}`)
}
