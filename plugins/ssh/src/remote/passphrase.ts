import {JsonFile} from './json-file.js'

/** In the run directory of this machine, for this user alone: a later daemon has to reach the machine too. */
export const passphraseFile = new JsonFile<{readonly passphrase: string}>('passphrase')
