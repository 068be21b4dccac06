import type * as library from 'ssh2'

export type Ssh2 = typeof library

/** The library, loaded by those who need it: most stacks reach no other machine. */
export async function loadSsh2(): Promise<Ssh2> {
  const {default: ssh2} = (await import('ssh2')) as unknown as {readonly default: Ssh2}
  return ssh2
}
