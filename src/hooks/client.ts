import type {Interfaces} from '@oclif/core'
import type {ClientHook, ClientWish} from '../core/client/api/lent-client.js'

/** What oclif adds to the wish. */
interface OfCommand {
  readonly config: Interfaces.Config
}

/** Lends a client to the command of a plugin that asks for one: see `ClientHook`. */
const client = async ({config, ...wish}: ClientWish & OfCommand): ReturnType<ClientHook> => {
  const [{lendClient}, {openTerminal}] = await Promise.all([
    import('../cli/lend-client.js'),
    import('../cli/terminal.js'),
  ])
  const terminal = openTerminal({json: false, quiet: wish.quiet ?? false, verbose: false, colour: true})
  return lendClient({terminal, root: config.root, version: config.version, remote: wish.daemon}, wish)
}

export default client
