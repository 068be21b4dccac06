import {method, type OfStack} from '../method.js'
import {array, boolean, described, nullable, object, stackReference, string} from '../schema-parts.js'

/** A variable that the files of a stack refer to. */
export interface StackVariable {
  readonly name: string
  /** What it came to when the stack was loaded. `null` when it was not set, and for a secret. */
  readonly value: string | null
  /** It holds a secret, whose value is not told. */
  readonly secret: boolean
}

export const envMethods = {
  'env.get': method<OfStack & {readonly names: readonly string[]}, {readonly variables: readonly StackVariable[]}>({
    summary:
      "What the variables came to that the files of a stack refer to, as it was loaded last. Nothing else of any environment is told, and no secret's value.",
    since: 1,
    params: object({stack: stackReference(), names: described('Empty: all of them', array(string()))}),
    result: object({
      variables: array(
        object({
          name: string(),
          value: described('null when it was not set, and for a secret', nullable(string())),
          secret: boolean(),
        }),
      ),
    }),
  }),
} as const
