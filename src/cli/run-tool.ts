import {systemClock} from '../core/base/clock.js'
import {withDeadline} from '../core/base/deadline.js'
import {messageOf} from '../core/base/errors.js'
import {runCommand} from '../core/process/run-command.js'

/** What a program of the system answered. */
export interface ToolAnswer {
  /** `null` when a signal or our patience ended it. */
  readonly code: number | null
  /** The first line that it printed. */
  readonly said: string
  readonly missing: boolean
}

const usualMs = 5000

/** Runs a program of the system with this environment. It never throws, and is ended after `ms`. */
export async function runTool(program: string, args: readonly string[], ms = usualMs): Promise<ToolAnswer> {
  const late = new Error(`it has not ended after ${ms / 1000} s`)
  try {
    const {status, stdout, stderr} = await withDeadline(
      (signal) => runCommand({program, args, env: ownEnvironment(), cwd: '/'}, signal),
      {clock: systemClock, ms, onTimeout: () => late},
    )
    const code = status.by === 'code' ? status.code : null
    const [said = ''] = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '')
    return {code, said, missing: code === 127}
  } catch (error) {
    return {code: null, said: messageOf(error), missing: false}
  }
}

function ownEnvironment(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}
