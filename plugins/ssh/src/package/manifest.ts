/** What is in a package and how it is run: see `manifestText` for the file that says it. */
export interface Manifest extends Recipe {
  /** Everything that is installed, in the order in which the archive has it. */
  readonly files: readonly PackagedFile[]
}

/** What a package says about itself, apart from its files. */
export interface Recipe {
  /** Lower case letters, digits, `.`, `_` and `-`. Also a folder's name on the machines that it is installed on. */
  readonly name: string
  /** A semantic version. */
  readonly version: string
  /** Paths in the package, by the names that `start.binary` and people use. */
  readonly binaries: Readonly<Record<string, string>>
  readonly start: StartRecipe
  readonly health?: HealthRecipe
  readonly scripts: Readonly<Partial<Record<ScriptName, Script>>>
}

export const scriptNames = ['pre_install', 'post_install', 'pre_remove'] as const
export type ScriptName = (typeof scriptNames)[number]

/** A line for the shell there, or a program with its arguments. */
export type Script = string | readonly string[]

export interface StartRecipe {
  /** A name of `binaries`, a path in the package (it has a `/`), or a program of the machine. */
  readonly binary: string
  /** `${NAME}` is a variable of the environment that the program gets. */
  readonly args: readonly string[]
  /** In the package. */
  readonly workingDir: string
  /** What the stack file says comes before it. */
  readonly env: Readonly<Record<string, string>>
}

/** Times in milliseconds. `${NAME}` in texts is a variable of the environment that the program gets. */
export interface HealthRecipe {
  readonly check: HealthQuestion
  /** Between two checks once it has been healthy. */
  readonly intervalMs: number
  /** Between two checks until the first success. */
  readonly startIntervalMs: number
  /** One check may take this long. */
  readonly timeoutMs: number
  /** Failures in a row that count. */
  readonly retries: number
  /** A new version that is not healthy by then is taken back. */
  readonly startupTimeoutMs: number
}

/** Asked on the machine that it is installed on. */
export type HealthQuestion =
  | {
      readonly kind: 'http'
      readonly url: string
      readonly expectedStatus: string
      readonly expectedBody?: string
    }
  | {readonly kind: 'tcp'; readonly host: string; readonly port: string}
  | {readonly kind: 'command'; readonly command: Script}

export type PackagedFile =
  | {
      /** With `/`, from the top of the package. */
      readonly path: string
      /** In bytes. */
      readonly size: number
      /** 0o644, or 0o755 for what can be executed: as three octal digits. */
      readonly mode: '644' | '755'
      /** Of its content, in hex. */
      readonly sha256: string
    }
  | {
      readonly path: string
      /** Where it leads, from its own folder; never out of the package. */
      readonly link: string
    }
