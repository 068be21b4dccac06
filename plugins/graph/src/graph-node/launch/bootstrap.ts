import {mkdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {setTimeout} from 'node:timers/promises'

export interface Bootstrap {
  /** What gnd is started with. */
  readonly manifest: string
  /** What its deployment is called: the manifest as built. */
  readonly deployment: string
}

/** As gnd calls what it is started with. */
const name = 'subgraph-0'

/** gnd does not begin without a subgraph: one that handles nothing, from a block near the head on, so that it has nothing to read either. */
export async function writeBootstrap(folder: string, network: string, height: number): Promise<Bootstrap> {
  const boot = path.join(folder, 'boot')
  const build = path.join(boot, 'build')
  await mkdir(build, {recursive: true})
  const manifest = manifestFor(network, height)
  const files = {
    'subgraph.yaml': manifest,
    'schema.graphql': 'type Boot @entity(immutable: true) { id: Bytes! }\n',
    'Boot.json': '[{"type":"event","name":"Boot","anonymous":false,"inputs":[]}]\n',
    // The shortest module there is: its magic number and its version.
    'boot.wasm': Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]),
  }
  await writeFile(path.join(boot, 'subgraph.yaml'), manifest)
  await Promise.all(Object.entries(files).map(([file, content]) => writeFile(path.join(build, file), content)))
  return {manifest: path.join(boot, 'subgraph.yaml'), deployment: path.join(build, 'subgraph.yaml')}
}

function manifestFor(network: string, startBlock: number): string {
  return `specVersion: 1.2.0
schema:
  file: schema.graphql
dataSources:
  - kind: ethereum
    name: Boot
    network: ${JSON.stringify(network)}
    source:
      abi: Boot
      address: "0x0000000000000000000000000000000000000001"
      startBlock: ${startBlock}
    mapping:
      kind: ethereum/events
      apiVersion: 0.0.9
      language: wasm/assemblyscript
      entities: [Boot]
      abis: [{name: Boot, file: Boot.json}]
      eventHandlers: [{event: Boot(), handler: handleBoot}]
      file: boot.wasm
`
}

/** Takes it away once gnd has deployed it, which is the last thing that gnd does to be up. */
export async function removeBootstrap(
  {deployment}: Bootstrap,
  ports: {readonly admin: number; readonly status: number},
  signal: AbortSignal,
): Promise<void> {
  const query = `{indexingStatusForCurrentVersion(subgraphName: "${name}") {subgraph}}`
  for (;;) {
    const status = (await post(`http://127.0.0.1:${ports.status}/graphql`, {query}, signal)) as StatusAnswer | undefined
    if (status?.data?.indexingStatusForCurrentVersion?.subgraph === deployment) break
    await setTimeout(50, undefined, {signal})
  }
  await post(
    `http://127.0.0.1:${ports.admin}/`,
    {jsonrpc: '2.0', id: 1, method: 'subgraph_remove', params: {name}},
    signal,
  )
}

interface StatusAnswer {
  readonly data?: {readonly indexingStatusForCurrentVersion?: {readonly subgraph: string} | null}
}

/** `undefined` while nobody answers. */
async function post(url: string, body: object, signal: AbortSignal): Promise<unknown> {
  try {
    const headers = {'content-type': 'application/json'}
    const response = await fetch(url, {method: 'POST', headers, body: JSON.stringify(body), signal})
    return await response.json()
  } catch {
    signal.throwIfAborted()
    return undefined
  }
}
