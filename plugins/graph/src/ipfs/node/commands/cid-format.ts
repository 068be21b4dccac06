import {answerLine, args, type Call} from '../call.js'
import {codecs, formatCid, parseCid} from '../cid.js'
import {base58btc, bases, type Base} from '../multibase.js'
import {NodeError} from '../node-error.js'

/** The same CIDs in other words, one line each. Formats (`f`) are not supported, but for the one that is the CID itself. */
export function cidFormat(call: Call): Promise<void> {
  const {query} = call
  if ((query.get('f') ?? '%s') !== '%s')
    throw new NodeError('the built-in IPFS server knows no other format than %s: use Kubo')
  for (const CidStr of args(call, 'cid')) {
    try {
      answerLine(call, {CidStr, Formatted: formatted(CidStr, query), ErrorMsg: ''})
    } catch (error) {
      if (error instanceof NodeError) throw error
      answerLine(call, {CidStr, Formatted: '', ErrorMsg: (error as Error).message})
    }
  }
  call.response.end()
  return Promise.resolve()
}

/** What is not said stays as it is; a base that is chosen means version 1, since version 0 has but one. */
function formatted(text: string, query: URLSearchParams): string {
  const cid = parseCid(text)
  if (cid === undefined) throw new Error('invalid cid')
  const name = query.get('b')
  const base = name === null ? baseOf(text) : bases.find((each) => each.name === name)
  if (base === undefined) throw new NodeError(`unsupported multibase encoding: ${name}`)
  const version = query.get('v') ?? (name === null ? String(cid.version) : '1')
  if (version === '0' && cid.codec !== codecs['dag-pb']) throw new Error("can't convert non-dag-pb nodes to cidv0")
  return version === '0' ? formatCid({...cid, version: 0}) : formatCid({...cid, version: 1}, base)
}

function baseOf(text: string): Base | undefined {
  return text.startsWith('Qm') ? base58btc : bases.find(({prefix}) => text.startsWith(prefix))
}
