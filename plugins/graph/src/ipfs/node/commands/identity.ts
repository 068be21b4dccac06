import {answer, type Call} from '../call.js'
import {agent} from '../ipfs-node.js'

export function id(call: Call): Promise<void> {
  const {peerId, publicKey} = call.node.identity
  const AgentVersion = `${agent.name}/${agent.version}`
  answer(call, {ID: peerId, PublicKey: publicKey, Addresses: [], AgentVersion, Protocols: []})
  return Promise.resolve()
}

/** Its own version, and not one of Kubo's. */
export function version(call: Call): Promise<void> {
  const System = `${process.arch}/${process.platform}`
  answer(call, {Version: agent.version, Commit: agent.name, Repo: '', System, Golang: ''})
  return Promise.resolve()
}
