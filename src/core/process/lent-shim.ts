import {createHash} from 'node:crypto'
import {shellEnvironment} from '../command/shell-environment.js'
import {shellQuote} from '../command/shell-quote.js'
import type {LentShim} from '../contract/shim.js'
import {commandFile} from './command-file.js'
import {singleShimText} from './shim.js'

/** The shim for other machines: the same text as for this one. */
export const lentShim: LentShim = {
  text: singleShimText,
  version: createHash('sha256').update(singleShimText).digest('hex').slice(0, 16),
  command: commandFile,
  beside({program, args, cwd, env}) {
    const {exports, words} = shellEnvironment(env)
    const command = [program, ...args].map(shellQuote)
    const become = words.length === 0 ? command : ['env', ...words, ...command]
    return [`cd ${shellQuote(cwd)} || exit 126`, 'unset OLDPWD SHLVL', ...exports, `exec ${become.join(' ')}`, ''].join(
      '\n',
    )
  },
}
