import {messageOf} from '../../core/base/errors.js'
import type {Catalogue} from '../../core/contract/catalogue.js'
import {ok, skipped, warning, type Verdict} from './finding.js'

/** An engine on another machine may take so long to answer. */
const patienceMs = 10_000

/** The engine that containers run on, as the plugin finds it. `catalogue`: missing when the plugins could not be loaded. */
export async function checkDocker(catalogue: Catalogue | undefined): Promise<readonly Verdict[]> {
  if (!catalogue) return [skipped('not looked at: the plugins could not be loaded')]
  const executor = catalogue.executor('docker')
  if (!executor) {
    return [warning('there is no plugin for it: services in containers cannot run', 'harness plugins install docker')]
  }
  try {
    const {health, description, attributes} = await executor.fingerprint(AbortSignal.timeout(patienceMs))
    if (health !== 'healthy') return [warning(description, attributes['hint'] ?? null)]
    const {from} = attributes
    return [ok(from === undefined ? description : `${description} (from ${from})`)]
  } catch (error) {
    return [warning(`it cannot be told whether there is an engine: ${messageOf(error)}`)]
  }
}
