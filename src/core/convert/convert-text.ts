import {readCompose} from './compose/read-compose.js'
import type {Converted, Origin} from './converted.js'
import type {ImportFormat} from './detect-format.js'
import {readPm2} from './pm2/read-pm2.js'
import {readProcessCompose} from './process-compose/read-process-compose.js'
import {readProcfile} from './procfile/read-procfile.js'

const readers: Readonly<Record<ImportFormat, (origin: Origin, text: string) => Converted>> = {
  'process-compose': readProcessCompose,
  compose: readCompose,
  procfile: readProcfile,
  pm2: readPm2,
}

/** What a foreign file says, in the words of a stack file. CONFIG_INVALID when it is not what it is taken for. */
export function convertText(format: ImportFormat, origin: Origin, text: string): Converted {
  return readers[format](origin, text)
}
