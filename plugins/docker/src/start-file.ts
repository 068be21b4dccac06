import {JsonFile} from './json-file.js'

/** When the container of an attempt began, in milliseconds since the epoch: in the run directory, for when somebody else removes it. */
export const startFile = new JsonFile<number>('started')
