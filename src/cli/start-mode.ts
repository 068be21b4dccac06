import type {StartChoices} from '../core/protocol/methods.js'
import {HarnessError} from '../core/base/errors.js'
import {activeProfiles} from './active-profiles.js'
import {parseTimeout} from './parse-timeout.js'
import {serviceName} from './require-names.js'
import type {StartMode} from './start-services.js'

/** The flags of `harness start` that say how. */
export interface StartFlags {
  readonly 'no-deps': boolean
  readonly 'rollback-on-failure': boolean
  readonly parallel?: number | undefined
  readonly profile?: readonly string[] | undefined
  readonly 'dry-run': boolean
  readonly wait: boolean
  readonly timeout?: string | undefined
  readonly ci: boolean
  readonly foreground: boolean
  readonly 'exit-code-from'?: string | undefined
}

/** What the daemon is told. */
export function startChoices({
  'no-deps': alone,
  'rollback-on-failure': rollback,
  parallel,
  profile,
}: Pick<StartFlags, 'no-deps' | 'parallel' | 'profile' | 'rollback-on-failure'>): StartChoices {
  const profiles = activeProfiles(profile)
  return {
    ...(alone && {dependencies: false}),
    ...(rollback && {rollback}),
    ...(parallel !== undefined && {parallel}),
    ...(profiles.length > 0 && {profiles}),
  }
}

/** How the start is followed. Which flags exclude each other is said where they are defined. */
export function startMode(flags: Omit<StartFlags, keyof Parameters<typeof startChoices>[0]>): StartMode {
  const {'exit-code-from': service, ci, foreground, wait, timeout} = flags
  if (flags['dry-run']) return {kind: 'plan'}
  if (!wait) refuseWaiting(flags)
  if (foreground || service !== undefined) {
    return {kind: 'foreground', allOrNothing: ci, ...(service !== undefined && {exitCodeFrom: serviceName(service)})}
  }
  if (ci) return {kind: 'all-or-nothing', ...parseTimeout(timeout)}
  return wait ? {kind: 'settled', ...parseTimeout(timeout)} : {kind: 'begun'}
}

function refuseWaiting(flags: Parameters<typeof startMode>[0]): void {
  const names = ['ci', 'exit-code-from', 'foreground', 'timeout'] as const
  const waiting = names.find((name) => flags[name] !== undefined && flags[name] !== false)
  if (waiting === undefined) return
  throw new HarnessError('USAGE', {
    subject: '--no-wait',
    reason: `--${waiting} waits`,
    hint: `Leave --no-wait or --${waiting} out.`,
  })
}
