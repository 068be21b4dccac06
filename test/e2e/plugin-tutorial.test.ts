import assert from 'node:assert/strict'
import {execFile} from 'node:child_process'
import {chmod, mkdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import {bin, root, Sandbox} from '../support/harness.js'

interface Block {
  readonly language: string
  readonly info: string
  readonly text: string
  /** What stands before it. */
  readonly lead: string
}

/** The blocks of a page, in their order. */
function blocksOf(page: string): readonly Block[] {
  const parts = page.split(/^```/m)
  return parts.flatMap((part, index) => {
    if (index % 2 === 0) return []
    const [, language = '', info = '', text = ''] = /^(\w+) ?(.*)\n([^]*)$/.exec(part) ?? []
    return [{language, info, text, lead: parts[index - 1] ?? ''}]
  })
}

/** Each hunk of a diff without line numbers: what is there, and what is to be there. */
function applyDiff(content: string, diff: string): string {
  return diff
    .split(/^@@\n/m)
    .slice(1)
    .reduce((text, hunk) => {
      const lines = hunk.split('\n').filter((line) => line !== '')
      const side = (sign: string): string =>
        lines
          .filter((line) => line.startsWith(sign))
          .map((line) => `${line.slice(1)}\n`)
          .join('')
      assert.ok(text.includes(side('-')), `the tutorial changes what is not there:\n${side('-')}`)
      return text.replace(side('-'), () => side('+'))
    }, content)
}

describe('the tutorial for authors of plugins', function () {
  this.timeout(240_000)

  it('does what it says, command by command', async () => {
    await using box = await Sandbox.make()
    const bins = path.join(path.dirname(box.state), 'bin')
    await mkdir(bins)
    await writeFile(path.join(bins, 'harness'), `#!/bin/sh\nexec "${process.execPath}" "${bin}" "$@"\n`)
    await chmod(path.join(bins, 'harness'), 0o755)
    const npmless = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_OPTIONS$)/i.test(name))
    const env = {
      ...Object.fromEntries(npmless),
      PATH: `${bins}:${process.env['PATH'] ?? ''}`,
      HARNESS_STATE_DIR: box.state,
      HARNESS_DATA_DIR: path.join(path.dirname(box.state), 'data'),
      NO_COLOR: '1',
      npm_config_prefer_offline: 'true',
      npm_config_audit: 'false',
      npm_config_fund: 'false',
    }
    let cwd = box.folder
    let printed = ''
    const run = (script: string, fails: boolean): Promise<void> =>
      new Promise((resolve, reject) => {
        const whole = `set -e\n${script}\npwd >&3`
        const child = execFile(
          'bash',
          ['-c', `{ ${whole.replace('pwd >&3', 'pwd > "$AFTER"')}\n} 2>&1`],
          {
            cwd,
            env: {...env, AFTER: path.join(box.folder, '.after')},
            maxBuffer: 16 * 1024 * 1024,
          },
          (error, stdout) => {
            printed = stdout
            if ((error !== null) === fails) resolve()
            else reject(new Error(`${script}\n${stdout}`))
          },
        )
        child.stdin?.end()
      })
    const page = await readFile(path.join(root, 'docs', 'plugins', 'tutorial.md'), 'utf8')
    for (const {language, info, text, lead} of blocksOf(page)) {
      if (language === 'sh') {
        await run(text, info === 'fails')
        if (info !== 'fails') cwd = (await readFile(path.join(box.folder, '.after'), 'utf8')).trim()
      } else if (language === 'text') {
        const plain = printed.replaceAll(/ +/g, ' ')
        for (const line of text.trimEnd().split('\n')) {
          assert.ok(plain.includes(line.replaceAll(/ +/g, ' ')), `expected ${line}\n${printed}`)
        }
      } else if (language === 'ts') {
        const file = /In `([^`]+)`:\s*$/.exec(lead)?.[1]
        assert.ok(file, 'a file of the tutorial has no name')
        await writeFile(path.join(cwd, file), text)
      } else if (language === 'diff') {
        const file = /^--- (.+)$/m.exec(text)?.[1]
        assert.ok(file, 'a change of the tutorial has no file')
        await writeFile(path.join(cwd, file), applyDiff(await readFile(path.join(cwd, file), 'utf8'), text))
      }
    }
  })
})
