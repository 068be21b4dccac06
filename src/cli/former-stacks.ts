import {printable} from '../core/base/printable.js'
import type {StackSummary} from '../core/protocol/methods.js'

/** What still runs under a name that its file no longer has, and what to type to see and to stop it. */
export function formerStackLines(stacks: readonly StackSummary[], file: string): readonly string[] {
  const former = stacks.filter((stack) => stack.file === file && stack.renamedTo !== undefined && stack.running > 0)
  return former.map(({stack, name, running, renamedTo}) => {
    const isAlone = stacks.filter((other) => other.name === name).length === 1
    const reference = isAlone ? name : stack
    const now = stacks.find((other) => other.stack === renamedTo)?.name
    const what = `${running} ${running === 1 ? 'service' : 'services'} of '${name}'`
    const why = `the name of this stack before it was '${now ?? 'another'}'`
    return printable(
      `Still up: ${what}, ${why}. See \`harness status --stack ${reference}\`, end with \`harness stop --stack ${reference}\`.`,
    )
  })
}
