import {HarnessError, isHarnessError, messageOf} from '../../core/base/errors.js'

interface Known {
  readonly said: RegExp
  readonly hint: string
  /** In better words. */
  readonly reason?: string
}

const known: readonly Known[] = [
  {said: / (is )?not installed/, hint: '`harness plugins` shows what is installed.'},
  {
    said: /^could not find package\.json with .*root: '([^']*)'.*$/s,
    reason: "there is no package.json in '$1'",
    hint: 'Name the folder of a plugin: `harness plugins link DIR`.',
  },
]

/** What oclif says of a command about plugins, as an error of ours: `command` is `plugins install graph`. How it was typed is another matter. */
export function changedNothing(command: string, error: unknown): unknown {
  if (isHarnessError(error) || isAboutTyping(error)) return error
  const said = messageOf(error).trim()
  const found = known.find((each) => each.said.test(said))
  const reason = found?.reason === undefined ? said : said.replace(found.said, found.reason)
  const hint = found && {hint: found.hint}
  return new HarnessError('PLUGINS_UNCHANGED', {subject: command, reason, cause: error, ...hint})
}

/** oclif's errors of its parser have the input with them. */
function isAboutTyping(error: unknown): boolean {
  return error instanceof Error && 'parse' in error
}
