import {release} from 'node:os'
import {findTool, requirePlatform} from '../../core/process/platform.js'
import {broken, brokenBy, ok, warning, type Verdict} from './finding.js'

/** Node, the system, and the programs of the system that the daemon and its services are run with. */
export function checkMachine(): readonly Verdict[] {
  const node = ok(`Node ${process.versions.node} on ${process.platform} ${release()}`)
  try {
    requirePlatform()
  } catch (error) {
    return [node, brokenBy(error)]
  }
  if (findTool('flock') === undefined) {
    const said = "the program 'flock' is missing: no daemon can own its state directory"
    return [node, broken('PLATFORM_UNSUPPORTED', said, 'apt-get install util-linux')]
  }
  if (findTool('fallocate') === undefined) {
    const said = "the program 'fallocate' is missing: logs that are too long lose their beginning only between two runs"
    return [node, warning(said, 'apt-get install util-linux')]
  }
  return [node]
}
