import {readTraceWish} from '../../core/daemon/traces/trace-wish.js'
import {whyNotLoaded} from '../../core/daemon/traces/why-not-loaded.js'
import {ok, warning, type Verdict} from './finding.js'

/**
 * Whether a daemon that is started from here exports spans; nothing when nobody wants that. The collector is not asked: it may come later. `load`
 * loads what is needed for it.
 */
export async function checkTraces(
  env: Readonly<Record<string, string | undefined>> = process.env,
  load: () => Promise<unknown> = () => import('../../core/daemon/traces/open-tracing.js'),
): Promise<readonly Verdict[]> {
  const wish = readTraceWish(env)
  if (wish.kind === 'off') return []
  if (wish.kind === 'refused') return [warning(`no spans are exported: ${wish.reason}`, wish.hint)]
  try {
    await load()
    return [ok(`a daemon started from here exports spans to ${wish.collector} (${wish.protocol})`)]
  } catch (error) {
    const {reason, hint = null} = whyNotLoaded(error)
    return [warning(`no spans are exported: ${reason}`, hint)]
  }
}
