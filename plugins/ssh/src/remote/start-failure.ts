import type {LogSource} from '@service-harness/cli/plugin'

/** Exit codes of `setsid`, `env` and the shell when they cannot become the program. */
const refusals = new Set([125, 126, 127])
const withinSeconds = 1
const lastBytes = 2048

/**
 * What the machine said when it refused to run a program that looked runnable (a missing interpreter, a wrong format); `undefined` when the program itself ended
 * like this.
 */
export async function startFailure(
  {code, seconds}: {readonly code: number; readonly seconds: number},
  logs: readonly LogSource[],
): Promise<string | undefined> {
  if (!refusals.has(code) || seconds > withinSeconds) return undefined
  for (const log of [...logs].reverse()) {
    const {bytes} = await log.read(Math.max(0, (await log.end()) - lastBytes), lastBytes)
    const said = /(?:^|\n)\S*(?:setsid|env|sh): ([^\n]*)\n?$/.exec(Buffer.from(bytes).toString())?.[1]
    if (said !== undefined) return `the machine cannot run it: ${said}`
  }
  return undefined
}
