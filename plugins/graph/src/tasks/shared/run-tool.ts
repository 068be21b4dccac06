import {mkdtemp, open, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {StringDecoder} from 'node:string_decoder'
import {setTimeout as sleep} from 'node:timers/promises'
import {stripVTControlCharacters} from 'node:util'
import type {ExitStatus, PluginServices, TaskContext} from '@service-harness/cli/plugin'
import {findTool, toolPath} from './find-tool.js'
import {taskFailed} from './task-error.js'

export interface Tool {
  /** A path, or a name of `node_modules/.bin` or PATH. */
  readonly program: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  /** What to do where it is missing, a sentence. */
  readonly install: string
}

/** A line as it was printed, without colours. */
export type ToolLine = {
  readonly stream: 'stderr' | 'stdout'
  readonly text: string
}

export interface ToolRun {
  readonly services: PluginServices
  readonly context: Pick<TaskContext, 'run' | 'signal'>
  /** Hears each line as it comes. */
  readonly onLine: (line: ToolLine) => void
}

/** Between two looks at what was printed. */
const lookMs = 50
/** How many of the last lines a failure tells. */
const toldLines = 10
const graceMs = 2000

/**
 * Runs a program to its end, line by line. `context.run` gives what is printed at the end only, so it goes to files, which are read meanwhile; all that the program has started
 * ends with it, with the task, and with the daemon. Answers all lines. Its exit code alone decides: throws with its last lines.
 */
export async function runTool(tool: Tool, {services, context, onLine}: ToolRun): Promise<readonly ToolLine[]> {
  const program = await findTool(tool.program, tool.cwd)
  if (program === undefined)
    throw taskFailed({services}, `${tool.program} was not found from ${tool.cwd}`, tool.install)
  const folder = await mkdtemp(path.join(tmpdir(), 'harness-task-'))
  const lines: ToolLine[] = []
  const take = (line: ToolLine): void => {
    lines.push(line)
    onLine(line)
  }
  const readers = (['stdout', 'stderr'] as const).map(
    (stream) => new LineReader(path.join(folder, stream), stream, take),
  )
  try {
    const running = context.run({
      program: '/bin/sh',
      args: ['-c', services.shell.tied(intoFiles, {graceMs, to: 'input'}), 'sh', folder, program, ...tool.args],
      env: {PATH: toolPath(tool.cwd), ...tool.env},
      cwd: tool.cwd,
      stdin: 'open',
    })
    const {status} = await readUntil(running, readers)
    if (status.by === 'code' && status.code === 0) return lines
    throw taskFailed({services}, whyFailed(tool, status, lines))
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}

const intoFiles = 'harness_out=$1; shift; exec "$@" >"$harness_out/stdout" 2>"$harness_out/stderr"'

async function readUntil<Result>(running: Promise<Result>, readers: readonly LineReader[]): Promise<Result> {
  const over = new AbortController()
  const ended = running.finally(() => {
    over.abort()
  })
  ended.catch(() => undefined)
  while (!over.signal.aborted) {
    for (const reader of readers) await reader.read()
    await sleep(lookMs, undefined, {signal: over.signal}).catch(() => undefined)
  }
  for (const reader of readers) await reader.end()
  return ended
}

function whyFailed({program, args}: Tool, status: ExitStatus, lines: readonly ToolLine[]): string {
  const command = [path.basename(program), ...args].join(' ')
  const end =
    status.by === 'code'
      ? `ended with exit code ${status.code}`
      : status.by === 'signal'
        ? `was killed by ${status.signal}`
        : 'is lost'
  const last = lines.map(({text}) => text.trimEnd()).filter((text) => text !== '' && !isFrame(text))
  const told = last.slice(-toldLines).join('\n')
  return `\`${command}\` ${end}${told === '' ? ', and printed nothing' : `:\n${told}`}`
}

/** A frame of a JavaScript stack: a person needs what stands above them. */
function isFrame(text: string): boolean {
  return /^\s+at .*:\d+\)?(?: \{)?$/.test(text)
}

class LineReader {
  private readonly decoder = new StringDecoder('utf8')
  private position = 0
  private rest = ''

  constructor(
    private readonly file: string,
    private readonly stream: ToolLine['stream'],
    private readonly onLine: (line: ToolLine) => void,
  ) {}

  async read(): Promise<void> {
    // Before the shell has made it there is none.
    const handle = await open(this.file).catch(() => undefined)
    if (handle === undefined) return
    try {
      const piece = Buffer.alloc(64 * 1024)
      for (;;) {
        const {bytesRead} = await handle.read(piece, 0, piece.length, this.position)
        if (bytesRead === 0) return
        this.position += bytesRead
        this.take(this.decoder.write(piece.subarray(0, bytesRead)))
      }
    } finally {
      await handle.close()
    }
  }

  async end(): Promise<void> {
    await this.read()
    if (this.rest !== '') this.take('\n')
  }

  private take(text: string): void {
    const lines = (this.rest + text).split('\n')
    this.rest = lines.pop() ?? ''
    for (const line of lines)
      this.onLine({stream: this.stream, text: stripVTControlCharacters(line).replace(/\r/g, '')})
  }
}
