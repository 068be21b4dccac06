import {readFile, stat, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {HarnessError, messageOf, systemCode} from '../core/base/errors.js'
import {printable} from '../core/base/printable.js'
import type {Converted} from '../core/convert/converted.js'
import type {ImportFormat} from '../core/convert/detect-format.js'
import type {Terminal} from './terminal.js'

export interface ImportWish {
  readonly file: string
  readonly from: string | undefined
  /** `-` is standard output. */
  readonly output: string
  readonly force: boolean
}

const standardOutput = '-'
const maxBytes = 1024 * 1024

/** `harness import`: reads, converts, writes, and says what has become of it. */
export async function importStack(terminal: Terminal, wish: ImportWish): Promise<void> {
  const {file, output} = wish
  const text = await readText(file)
  const [{detectFormat, importFormats, refuseScript}, {convertText}, {writeStack}] = await Promise.all([
    import('../core/convert/detect-format.js'),
    import('../core/convert/convert-text.js'),
    import('../core/convert/write-stack.js'),
  ])
  if (/\.[cm]?[jt]s$/.test(file)) throw refuseScript(file)
  const from = importFormats.find((each) => each === wish.from) ?? detectFormat(file, text)
  const converted = convertText(from, {file, base: baseOf(wish, from)}, text)
  const stack = writeStack(converted, {from: path.basename(file)})
  if (output !== standardOutput) await write(wish, stack)
  if (terminal.json) terminal.data(dataOf(converted, from, wish, stack))
  else if (output === standardOutput) terminal.out(stack.trimEnd())
  report(terminal, converted, wish)
}

/** process-compose starts from where it is run, the others from where their file is. */
function baseOf({file, output}: ImportWish, from: ImportFormat): string {
  const target = output === standardOutput ? process.cwd() : path.dirname(path.resolve(output))
  return path.relative(target, from === 'process-compose' ? process.cwd() : path.dirname(path.resolve(file)))
}

async function readText(file: string): Promise<string> {
  const {unreadable} = await import('../core/convert/unreadable.js')
  try {
    const found = await stat(file)
    if (found.isDirectory()) throw notFound(file, 'it is a folder')
    if (found.size > maxBytes) throw unreadable(file, 'it is larger than 1 MiB')
    return new TextDecoder('utf-8', {fatal: true}).decode(await readFile(file))
  } catch (error) {
    if (error instanceof HarnessError) throw error
    if (error instanceof TypeError) throw unreadable(file, 'it is not UTF-8 text')
    const code = systemCode(error)
    throw notFound(file, code === 'ENOENT' ? 'there is no such file' : (code ?? messageOf(error)))
  }
}

function notFound(file: string, reason: string): HarnessError {
  return new HarnessError('CONFIG_NOT_FOUND', {subject: file, reason, hint: 'Name the file that is to be imported.'})
}

/** USAGE where something is already: nobody's file is lost. */
async function write({output, force}: ImportWish, text: string): Promise<void> {
  try {
    await writeFile(output, text, {flag: force ? 'w' : 'wx'})
  } catch (error) {
    const code = systemCode(error)
    if (code === 'EEXIST') {
      throw new HarnessError('USAGE', {
        subject: `-o ${output}`,
        reason: 'there is such a file already',
        hint: 'Choose another one with -o FILE, -o - to see it first, or --force to write over it.',
      })
    }
    const reason =
      code === 'ENOENT' ? 'there is no such folder' : code === 'EISDIR' ? 'it is a folder' : messageOf(error)
    throw new HarnessError('USAGE', {subject: `-o ${output}`, reason, hint: 'Choose another one with -o FILE.'})
  }
}

function dataOf({services, tasks, notes}: Converted, from: ImportFormat, {output}: ImportWish, stack: string) {
  return {
    file: output,
    from,
    services: Object.keys(services),
    tasks: Object.keys(tasks),
    notes: distinct(notes).map(({path: place, message}) => ({path: place, message})),
    ...(output === standardOutput ? {text: stack} : {}),
  }
}

/** What holds for several services is said once. */
function distinct(notes: Converted['notes']): Converted['notes'] {
  return [...new Map(notes.map((note) => [`${note.path} ${note.message}`, note])).values()]
}

/** On standard error where standard output has the file. */
function report(
  terminal: Terminal,
  {services, tasks, notes, exitCodeFrom}: Converted,
  {file, output}: ImportWish,
): void {
  const say = (line: string): void => {
    if (output === standardOutput) terminal.note(line)
    else terminal.out(line)
  }
  if (terminal.json) return
  const {green, yellow} = output === standardOutput ? terminal.errorStyle : terminal.style
  const counts = [count(Object.keys(services).length, 'service'), count(Object.keys(tasks).length, 'task')]
  const target = output === standardOutput ? 'standard output' : output
  say(
    `${green('✔')} ${printable(file)} → ${printable(target)}: ${counts.filter((each) => !each.startsWith('0')).join(', ')}`,
  )
  for (const {path: place, message} of distinct(notes)) say(`${yellow('!')} ${printable(place)} ${printable(message)}.`)
  if (output === standardOutput) return
  const chosen = output === 'harness.yaml' ? '' : ` -c ${printable(output)}`
  say(`Next: harness start${chosen}${exitCodeFrom === undefined ? '' : ` --exit-code-from ${exitCodeFrom}`}`)
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
