import type {Part} from '../part.js'

/** A process whose end is the end of all. */
export interface Exit {
  readonly name: string
  readonly part: Part
  readonly ends: 'always' | 'failure'
}

/** Says which command ends with the same exit code. */
export function noteExit({name, part, ends}: Exit): void {
  const command = `\`harness start --exit-code-from ${name}\``
  if (ends === 'always') part.note('availability.exit_on_end', `${command} ends all with it, and with its exit code`)
  else {
    part.note(
      'availability.restart',
      `${command} ends all with it, and with its exit code, as exit_on_failure does; also when it ends well`,
    )
  }
}
