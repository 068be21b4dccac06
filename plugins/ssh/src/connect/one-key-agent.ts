import type {BaseAgent, ParsedKey, SignCallback, SigningRequestOptions} from 'ssh2'
import type {Ssh2} from './ssh2.js'

/** The agent with one of its keys: each key of it is tried in its turn. */
export function agentWith(ssh2: Ssh2, socket: string, only: ParsedKey): BaseAgent {
  const agent = ssh2.createAgent(socket)
  // The library knows agents by their class.
  class OneKeyAgent extends ssh2.BaseAgent<ParsedKey> {
    override getIdentities(done: (error: null, keys: ParsedKey[]) => void): void {
      done(null, [only])
    }

    override sign(
      key: ParsedKey,
      data: Buffer,
      options: SignCallback | SigningRequestOptions,
      done?: SignCallback,
    ): void {
      if (typeof options === 'function') agent.sign(key, data, {}, options)
      else agent.sign(key, data, options, done)
    }
  }
  return new OneKeyAgent()
}
