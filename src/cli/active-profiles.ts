import {HarnessError} from '../core/base/errors.js'
import {isName} from '../core/base/ids.js'
import type {LoadedStack} from '../core/config/load-stack.js'
import {didYouMean} from '../core/config/suggest.js'
import type {StartChoices} from '../core/protocol/methods.js'

/** The profiles of `--profile` and of HARNESS_PROFILES, a list with commas. */
export function activeProfiles(
  flags: readonly string[] | undefined,
  env: Readonly<Record<string, string | undefined>> = process.env,
): readonly string[] {
  const listed = (env['HARNESS_PROFILES'] ?? '').split(',').map((name) => name.trim())
  return [...new Set([...(flags ?? []), ...listed.filter((name) => name !== '')])]
}

/** With the profiles of the chosen environment. USAGE for a profile that no service has. */
export function withProfiles(choices: StartChoices, loaded: LoadedStack | undefined): StartChoices {
  const {profiles: given = []} = choices
  const known = new Set(Object.values(loaded?.definition.services ?? {}).flatMap((service) => service.profiles ?? []))
  const unknown = given.find((profile) => !isName(profile) || (loaded !== undefined && !known.has(profile)))
  if (unknown !== undefined) throw unknownProfile(unknown, known)
  const profiles = [...new Set([...given, ...(loaded?.profiles ?? [])])]
  return profiles.length === 0 ? choices : {...choices, profiles}
}

function unknownProfile(profile: string, known: ReadonlySet<string>): HarnessError {
  const there = known.size === 0 ? 'no service of the stack has profiles' : `its services have ${[...known].join(', ')}`
  const near = didYouMean(profile, known)
  return new HarnessError('USAGE', {
    subject: `profile ${profile}`,
    reason: there,
    ...(near === undefined ? {} : {hint: near.replace(/^d/, 'D')}),
  })
}
