import {keyNames, type KeyOf} from './keys/names.js'

/** The keys of a service in the stack file, beside those of its target in the short spelling. */
export const serviceKeys = keyNames.service

export type ServiceKey = KeyOf<'service'>
