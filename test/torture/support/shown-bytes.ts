import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {controls} from '../../support/hostile-names.js'
import {bin, type Sandbox} from '../../support/harness.js'
import {atTerminal} from '../../support/pty.js'

/** Where a command's output goes. */
export const places = ['a terminal', 'a pipe', 'a terminal without colours'] as const
export type Place = (typeof places)[number]

export interface Shown {
  readonly place: Place
  readonly code: number
  /** Standard output and standard error, as they came. */
  readonly bytes: Buffer
}

/** Runs a command to its end and answers every byte that arrived. */
export async function show(sandbox: Sandbox, place: Place, ...args: readonly string[]): Promise<Shown> {
  if (place === 'a pipe') return piped(sandbox, args)
  const before = sandbox.variables
  sandbox.variables = {...before, NO_COLOR: place === 'a terminal' ? '' : '1'}
  await using at = atTerminal(sandbox, ...args)
  sandbox.variables = before
  const code = await at.ended
  return {place, code, bytes: at.bytes()}
}

function piped(sandbox: Sandbox, args: readonly string[]): Promise<Shown> {
  const child = spawn(process.execPath, [bin, ...args], {cwd: sandbox.folder, env: sandbox.env})
  const chunks: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  return new Promise((resolve) => {
    child.once('close', (code) => {
      resolve({place: 'a pipe', code: code ?? -1, bytes: Buffer.concat(chunks)})
    })
  })
}

/** Colours and other attributes of text. */
const attributes = /\x1b\[[\d;:]*m/g
/** What draws the rows of the progress: the cursor hidden and shown, wrapping off and on, lines up, and erased. */
const drawing = /\x1b\[(?:\?25[hl]|\?7[hl]|\d*[AG]|[02]?[JK])/g

/** The text that a reader sees. Fails for any byte beyond text, line ends, tabs and, at a terminal, harness's own sequences. */
export function assertHarmless({place, bytes}: Pick<Shown, 'bytes' | 'place'>, what: string, progress = false): string {
  const subject = `${what}, at ${place}`
  const text = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes)
  // The kernel makes CR LF of each LF that goes to a terminal.
  const lines = place === 'a pipe' ? text : text.replaceAll('\r\n', '\n')
  const plain = place === 'a terminal' ? lines.replaceAll(attributes, '') : lines
  const seen = place !== 'a pipe' && progress ? plain.replaceAll(drawing, '') : plain
  for (const line of seen.split('\n')) {
    const found = controls.exec(line.replaceAll('\t', ''))
    if (found) assert.fail(`${subject}: ${JSON.stringify(found[0])} came through in ${JSON.stringify(line)}`)
  }
  return seen
}
