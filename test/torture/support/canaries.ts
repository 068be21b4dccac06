import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {lstat, readdir, readFile} from 'node:fs/promises'
import path from 'node:path'

/** The value of a secret that is looked for everywhere. */
export interface Canary {
  readonly name: string
  readonly value: string
  /** What stays as it is in whatever form the value is written; each alone would be a find. */
  readonly marks: readonly string[]
}

/** Around the marks are letters that JSON, URLs, shells and regular expressions write in another way, or take for something else. */
const shapes: readonly ((mark: () => string) => string)[] = [
  (mark) => mark(),
  (mark) => `p@ss/${mark()}:w?rd#&=+ %41;,~`,
  (mark) => `"${mark()}\\"\\\\'\``,
  (mark) => `$(${mark()})\${${mark()}}`,
  (mark) => `^.*[${mark()}]{2,}(?:x)|$`,
  (mark) => `größe 密码 🔑 ${mark()}`,
  (mark) => ['-----BEGIN KEY-----', mark(), mark(), '-----END KEY-----'].join('\n'),
  (mark) => `\t${mark()}\t`,
  (mark) => `<${mark()}> & 'x'`,
  (mark) => `${mark()}${'A1'.repeat(1000)}${mark()}`,
]

/** A canary for each name, of one shape after the other. */
export function makeCanaries(names: readonly string[]): readonly Canary[] {
  return names.map((name, index) => {
    const marks: string[] = []
    const mark = (): string => {
      const text = `cnry${index}x${randomBytes(8).toString('hex')}`
      marks.push(text)
      return text
    }
    return {name, value: shapes[index % shapes.length]!(mark), marks}
  })
}

/** Looks for all of them, and for the daemon's token, in everything that it is shown. */
export class Sweep {
  private looks = 0
  private readonly finds: string[] = []
  private readonly marks: readonly (readonly [name: string, mark: string])[]

  constructor(canaries: readonly Canary[], token: string) {
    const found = canaries.flatMap(({name, marks}) => marks.map((mark) => [name, mark] as const))
    this.marks = [...found, ['the token', token] as const]
  }

  get count(): number {
    return this.looks
  }

  /** Which of them stand in a text, by name. */
  find(text: string): readonly string[] {
    return [...new Set(this.marks.filter(([, mark]) => text.includes(mark)).map(([name]) => name))]
  }

  /** Fails with the place, and the text around what was found. */
  look(where: string, text: string): void {
    this.looks += 1
    const [name, mark] = this.marks.find((each) => text.includes(each[1])) ?? []
    if (mark === undefined) return
    const at = text.indexOf(mark)
    this.finds.push(`${where} shows ${name}: …${JSON.stringify(text.slice(Math.max(0, at - 200), at + 100))}…`)
  }

  assertNothing(): void {
    assert.deepEqual(this.finds, [])
  }

  /** The arguments and the environment of all processes but those that have the canaries by right. Answers how many were looked at. */
  async lookAtProcesses(isRightful: (environ: string) => boolean): Promise<number> {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
    let seen = 0
    for (const pid of pids) {
      const read = (file: string): Promise<string> => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')
      const [cmdline, environ] = await Promise.all([read('cmdline'), read('environ')])
      const name = `process ${pid} (${cmdline.replaceAll('\0', ' ').slice(0, 60)})`
      this.look(`the arguments of ${name}`, cmdline)
      if (!isRightful(environ)) this.look(`the environment of ${name}`, environ)
      seen += 1
    }
    return seen
  }

  /** All files below a folder, but those that hold values on purpose; these are private. Answers how many hold some. */
  async lookAtFiles(folder: string, holds: (file: string) => boolean): Promise<number> {
    let holding = 0
    for (const file of await readdir(folder, {recursive: true})) {
      const whole = path.join(folder, file)
      const stats = await lstat(whole)
      if (!stats.isFile()) continue
      const text = await readFile(whole, 'utf8')
      if (!holds(file)) this.look(file, text)
      else if (this.find(text).length > 0) {
        holding += 1
        assert.equal((stats.mode & 0o777).toString(8), '600', file)
      }
    }
    return holding
  }
}
