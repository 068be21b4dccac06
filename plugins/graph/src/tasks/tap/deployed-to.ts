import {isAddress} from '../contracts/found-contract.js'
import {mapOf} from '../contracts/records/read-json.js'

/** The address in what `forge create --json` prints. The JSON may take several lines, and lines of its log stand before it and after it. */
export function deployedTo(lines: readonly string[]): string | undefined {
  for (const [first, line] of lines.entries()) {
    if (!line.startsWith('{')) continue
    for (let last = first; last < lines.length; last += 1) {
      const {deployedTo: address} = mapOf(parsed(lines.slice(first, last + 1).join('\n')))
      if (isAddress(address)) return address
    }
  }
  return undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
