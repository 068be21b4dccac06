/** Tells stacks apart: by their names, and by their ids where several of these have the same name. */
export function stackLabel(
  stacks: Iterable<{readonly stack: string; readonly stackName: string}>,
): (stack: {readonly stack: string; readonly stackName: string}) => string {
  const idsOf = new Map<string, Set<string>>()
  for (const {stack, stackName} of stacks) idsOf.set(stackName, (idsOf.get(stackName) ?? new Set()).add(stack))
  return ({stack, stackName}) => ((idsOf.get(stackName)?.size ?? 0) > 1 ? stack : stackName)
}
