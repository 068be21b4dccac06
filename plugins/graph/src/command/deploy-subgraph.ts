import path from 'node:path'
import {act} from './act.js'
import type {GraphStack} from './graph-stack.js'

export interface DeployWish {
  readonly service: string
  /** Absolute. */
  readonly path: string
  readonly name: string | undefined
  readonly label: string | undefined
  /** `undefined`: it is not waited for. */
  readonly timeoutSecs: number | undefined
}

interface Deployed {
  readonly name: string
  readonly deployment: string
  readonly queries: string
}

/** Uploads and deploys, then waits until the head of the chain is indexed. */
export async function deploySubgraph(
  opened: GraphStack,
  {service, path: given, name = nameOf(given), label, timeoutSecs}: DeployWish,
): Promise<Deployed & {readonly block?: number}> {
  const input = {name, path: given, ...(label !== undefined && {version_label: label})}
  const deployed = await act<Deployed>(opened, {service, action: 'deploy-subgraph', input})
  if (timeoutSecs === undefined) return deployed
  const {block} = await act<{readonly block: number}>(opened, {
    service,
    action: 'wait-for-sync',
    input: {deployment: deployed.deployment, timeout_secs: timeoutSecs},
  })
  return {...deployed, block}
}

/** That of the folder, which is not the one that it was built into. */
function nameOf(given: string): string {
  const folder = /\.ya?ml$/.test(given) ? path.dirname(given) : given
  return path.basename(path.basename(folder) === 'build' ? path.dirname(folder) : folder)
}
