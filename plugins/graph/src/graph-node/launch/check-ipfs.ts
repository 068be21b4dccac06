import {reasonOf} from '../../shared/reason-of.js'

/** graph-node waits for IPFS without an end and without a word. */
export async function checkIpfs(url: string): Promise<void> {
  const what = `IPFS cannot be used at ${url}`
  const response = await fetch(`${url}/api/v0/version`, {method: 'POST', signal: AbortSignal.timeout(5000)}).catch(
    (error: unknown) => {
      throw new Error(`${what}: ${reasonOf(error)}`)
    },
  )
  await response.body?.cancel()
  if (!response.ok)
    throw new Error(`${what}: it answers ${response.status} to /api/v0/version, which is no RPC of IPFS`)
}
