import type {Schema} from './shapes.js'

/** A rule between the keys of a map, as schemas of the map. A key without a value counts as missing in all of them. */
export type Rule = readonly Schema[]

export function exactlyOneOf(...keys: readonly string[]): Rule {
  const words = `${keys.slice(0, -1).join(', ')} and ${keys.at(-1) ?? ''}`
  return [
    {anyOf: keys.map((key) => ({required: [key]}))},
    ...keys.map((key) =>
      refuse(
        key,
        keys.filter((other) => other !== key),
        `Only one of ${words} can stand here.`,
      ),
    ),
  ]
}

export function notBoth(one: string, other: string): Rule {
  return [refuse(one, [other], `'${other}' cannot stand beside '${one}'.`)]
}

/** Keys that belong to another one. */
export function onlyWith(key: string, ...others: readonly string[]): Rule {
  return [{dependentRequired: Object.fromEntries(others.map((other) => [other, [key]]))}]
}

/** With `if` rather than `not` or `oneOf`: an editor then points at the key that is too many. */
function refuse(key: string, others: readonly string[], errorMessage: string): Schema {
  const nothing = {type: 'null', errorMessage}
  return {if: present(key), then: {properties: Object.fromEntries(others.map((other) => [other, nothing]))}}
}

function present(key: string): Schema {
  return {required: [key], properties: {[key]: {not: {type: 'null'}}}}
}
