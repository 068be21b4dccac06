/**
 * A program that goes into the background, as one that stays: launched, then waited for until it is asked to end. Harness looks after processes
 * that stay in the foreground.
 */
export function daemonScript(launch: string, stop: string | undefined): string {
  const ending = stop === undefined ? 'exit 0' : `${stop}\n  exit 0`
  return `stop() {\n  ${ending}\n}\ntrap stop TERM\n${launch}\n[ $$? -eq 0 ] || exit\nwhile :; do sleep 1; done\n`
}
