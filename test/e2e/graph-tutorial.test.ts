import assert from 'node:assert/strict'
import {execFile} from 'node:child_process'
import {chmod, cp, mkdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import {root} from '../support/harness.js'
import {graphSandbox, needsGraphPrograms} from '../support/graph-stack.js'

describe('the tutorial of The Graph', function () {
  this.timeout(300_000)

  it('does what it says, command by command', async function () {
    needsGraphPrograms(this)
    await using sandbox = await graphSandbox()
    await cp(path.join(root, 'examples/graph'), path.join(sandbox.folder, 'graph'), {
      recursive: true,
      filter: (file) => path.basename(file) !== 'node_modules',
    })
    const base = path.dirname(sandbox.state)
    const bins = path.join(base, 'bin')
    await mkdir(bins)
    await writeFile(path.join(bins, 'harness'), `#!/bin/sh\nexec "${process.execPath}" "${sandbox.command}" "$@"\n`)
    await chmod(path.join(bins, 'harness'), 0o755)
    const after = path.join(base, 'after')
    let [cwd, printed] = [sandbox.folder, '']
    const run = (script: string): Promise<void> =>
      new Promise((resolve, reject) => {
        const env = {...sandbox.env, PATH: `${bins}:${process.env['PATH'] ?? ''}`, AFTER: after}
        execFile('bash', ['-c', `{ set -e\n${script}\npwd > "$AFTER"\n} 2>&1`], {cwd, env}, (error, stdout) => {
          printed = stdout
          if (error) reject(new Error(`${script}\n${stdout}`))
          else resolve()
        })
      })
    const page = await readFile(path.join(root, 'docs/graph/README.md'), 'utf8')
    for (const [, language, body = ''] of page.matchAll(/^```(sh|text)\n([^]*?)^```$/gm)) {
      if (language === 'text') {
        const plain = printed.replaceAll(/ +/g, ' ')
        for (const line of body.trimEnd().split('\n')) assert.ok(plain.includes(line), `expected ${line}\n${printed}`)
      } else if (!body.includes('plugins install')) {
        // It is linked here.
        await run(body)
        cwd = (await readFile(after, 'utf8')).trim()
      }
    }
  })
})
