import {answerLine, args, type Call} from '../call.js'
import {codecs, formatCid, parseCid, type Cid} from '../cid.js'
import {base58btc, bases} from '../multibase.js'
import {NodeError} from '../node-error.js'

/** The same CIDs in other words, one line each. Formats (`f`) are not supported, but for the one that is the CID itself. */
export function cidFormat(call: Call): Promise<void> {
  const {query} = call
  if ((query.get('f') ?? '%s') !== '%s')
    throw new NodeError('the built-in IPFS server knows no other format than %s: use Kubo')
  for (const CidStr of args(call, 'cid')) {
    const cid = parseCid(CidStr)
    if (cid === undefined) answerLine(call, {CidStr, Formatted: '', ErrorMsg: 'invalid cid'})
    else answerLine(call, {CidStr, Formatted: formatted(cid, query), ErrorMsg: ''})
  }
  call.response.end()
  return Promise.resolve()
}

function formatted(cid: Cid, query: URLSearchParams): string {
  const [version, name] = [query.get('v'), query.get('b')]
  const base = name === null ? undefined : bases.find((each) => each.name === name)
  if (name !== null && base === undefined) throw new NodeError(`unknown multibase "${name}"`)
  // Version 0 has one base, and needs the codec of files.
  const is0 = version === '0' || (version === null && cid.version === 0 && (base ?? base58btc) === base58btc)
  if (is0 && cid.codec !== codecs['dag-pb']) throw new NodeError('only dag-pb is possible in version 0')
  return formatCid({...cid, version: is0 ? 0 : 1}, base)
}
