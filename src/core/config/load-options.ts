/** Which files make a stack, and what their variables are. */
export interface LoadOptions {
  /** `-c FILE`, in order; `-` is standard input. Without any, the stack file is looked for upwards from `cwd`. */
  readonly files?: readonly string[] | undefined
  readonly cwd: string
  /** The caller's environment, for `${VARIABLES}`. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdin?: () => Promise<string>
  /** The entry of `environments` to lay over the file. */
  readonly environment?: string | undefined
}
