/** A program with everything that its start needs, all paths absolute on the machine that it starts on. */
export interface ShimLaunch {
  /** The file to run. */
  readonly program: string
  /** Its arguments. No shell reads them. */
  readonly args: readonly string[]
  /** Where it begins. */
  readonly cwd: string
  /** Variables for it, beside those that the shim was started with. */
  readonly env: Readonly<Record<string, string>>
  /** How long what the program leaves behind may take to end, in milliseconds. */
  readonly graceMs: number
  /** Its standard input can be written to while it runs: the fifo `DIR/in`. @default false */
  readonly stdin?: boolean
}

/**
 * The small shell program that stands between harness and each program that it starts, for plugins that start programs on other machines. It survives
 * whoever has started it, and writes down what ran and how it ended. POSIX sh, coreutils or busybox, and /proc are all that it needs.
 */
export interface LentShim {
  /**
   * To be kept in a file and run as `sh FILE GRACE CAPTURE DIR` in a session of its own. GRACE is in tenths of a second; CAPTURE is `file`, `pipe`, `merge`
   * or `merge-pipe`; DIR is the folder of one attempt, which has the file `command` and the files `run` and `exit`, each of 255 spaces and a line feed. In its
   * environment HARNESS_SHIM_PATH says where the programs of the system are, and HARNESS_SHIM_RESET is `env`.
   *
   * It makes `claim` exclusively, or does nothing; writes `run <shim> <start tick> <program> <start tick> <boot id>` before the program begins, and
   * `exit <code> <seconds since boot>` when it has ended, each at the beginning of its file; and has the output in `out.log` and `err.log`.
   */
  readonly text: string
  /** Another one for each text: 16 hexadecimal digits of its SHA-256. */
  readonly version: string
  /** The text of the file `command`. `setsid` is the absolute path of that program there. The first line is `#` and the launch as JSON. */
  command(launch: ShimLaunch, tools: {readonly setsid: string}): string
  /** The text of a script that becomes another program in the directory and with the environment of a launch. No value of a variable is in an argument list. */
  beside(launch: Pick<ShimLaunch, 'args' | 'cwd' | 'env' | 'program'>): string
}
