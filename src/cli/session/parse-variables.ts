import {HarnessError} from '../../core/base/errors.js'

/** `NAME=VALUE` for each `--variable` of `harness exec`. A name alone stands for the caller's own variable. */
export function parseVariables(
  texts: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, name, value] = /^([A-Za-z_]\w*)(?:=(.*))?$/s.exec(text) ?? []
      if (name === undefined) throw problem(text, 'expected NAME=VALUE')
      const given = value ?? env[name]
      if (given === undefined) throw problem(text, `expected NAME=VALUE, or the name of a variable that is set here`)
      return [name, given]
    }),
  )
}

/** What stands behind the `=` may be a secret. */
function problem(text: string, reason: string): HarnessError {
  return new HarnessError('USAGE', {
    subject: `--variable ${text.replace(/=.*/s, '=…')}`,
    reason,
    hint: 'Write harness exec --variable LEVEL=debug api -- env.',
  })
}
