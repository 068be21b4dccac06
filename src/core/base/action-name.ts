/**
 * The name of an action as its type has it, `mine-blocks`: asked for by it, or, as other systems spell such names, in PascalCase, `MineBlocks`. `undefined`: there is none.
 */
export function knownAction(names: readonly string[], asked: string): string | undefined {
  return names.includes(asked) ? asked : names.find((name) => pascalCase(name) === asked)
}

function pascalCase(name: string): string {
  return name
    .split('-')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('')
}
