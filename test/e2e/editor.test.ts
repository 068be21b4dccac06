import assert from 'node:assert/strict'
import {readdir, readFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import {root, Sandbox} from '../support/harness.js'
import {LanguageServer} from '../support/language-server.js'

/** The place after this text in a file, from 0. */
function after(content: string, text: string): readonly [line: number, character: number] {
  const before = content.slice(0, content.indexOf(text) + text.length).split('\n')
  return [before.length - 1, before.at(-1)?.length ?? 0]
}

describe('an editor with yaml-language-server', function () {
  this.timeout(60_000)

  it('completes, explains and checks the file that harness init writes', async () => {
    await using sandbox = await Sandbox.make()
    assert.equal((await sandbox.run('init')).code, 0)
    await using editor = await LanguageServer.start()
    const file = `${sandbox.folder}/harness.yaml`
    assert.deepEqual(await editor.open(file), [])
    const written = await readFile(file, 'utf8')
    const hovered = await editor.hover(file, ...after(written, '    health_ch'))
    assert.match(hovered, /How it is told that the service is ready/)
    assert.match(
      await editor.hover(file, ...after(written, '    bina')),
      /looked for in PATH/,
      "of the executor's keys",
    )
  })

  it('finds nothing wrong in files that have no mistake', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.run('schema', '-o', 'schema.json')
    await using editor = await LanguageServer.start()
    const good = path.join(root, 'test/fixtures/good')
    // The types of plugins.yaml are installed nowhere.
    const names = (await readdir(good)).filter((name) => name.endsWith('.yaml') && name !== 'plugins.yaml')
    for (const name of names) {
      const text = await readFile(path.join(good, name), 'utf8')
      const file = await sandbox.write(`# yaml-language-server: $schema=schema.json\n${text}`, name)
      assert.deepEqual(await editor.open(file), [], name)
    }
  })

  it('offers the keys and values that can stand in a place', async () => {
    await using sandbox = await Sandbox.make()
    const head = '# yaml-language-server: $schema=schema.json\n'
    const content = `${head}services:\n  api:\n    type: process\n    \n  other:\n    restart: \ntasks:\n  t:\n    task_type: command\n    \n`
    await sandbox.run('schema', '--output', 'schema.json')
    const file = await sandbox.write(content)
    await using editor = await LanguageServer.start()
    await editor.open(file)
    const service = await editor.complete(file, ...after(content, 'process\n    '))
    for (const key of ['health_check', 'dependencies', 'extends', 'binary', 'args']) {
      assert.ok(service.includes(key), `${key} is not offered: ${service.join(' ')}`)
    }
    assert.ok(!service.includes('task_type'))
    const policies = await editor.complete(file, ...after(content, 'restart: '))
    for (const word of ['on-failure', 'always']) assert.ok(policies.includes(word), policies.join(' '))
    const task = await editor.complete(file, ...after(content, 'command\n    '))
    for (const key of ['target', 'schedule', 'creates']) assert.ok(task.includes(key), task.join(' '))
    assert.ok(!task.includes('health_check'))
  })

  it('underlines what is wrong, in words that help', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.run('schema', '-o', 'schema.json')
    const wrong = [
      ['    type: process', undefined],
      ['    binary: node', undefined],
      ['    healthcheck: {}', /healthcheck is not allowed/],
      ['    restart: sometimes', /"no", "on-failure", "always"/],
      ['    startup_timeout: soon', /duration like 250ms, 5s or 1m30s/],
      ['    health_check: {http: http://a, tcp: 80}', /Only one of http, tcp/],
      ['  db:', undefined],
      ['    type: container', /"process", "process-attach"/],
      ['  other:', undefined],
      ['    target: {type: process, binary: a, agrs: []}', /agrs is not allowed/],
      ['    replicas: many', /whole number, 0 to 1000/],
      ['  some: {replicas: 1}', /type/],
    ] as const
    const head = ['# yaml-language-server: $schema=schema.json', 'services:', '  api:']
    const file = await sandbox.write([...head, ...wrong.map(([line]) => line), ''].join('\n'))
    await using editor = await LanguageServer.start()
    const found = await editor.open(file)
    for (const [index, [line, words]] of wrong.entries()) {
      const said = found.filter(({range}) => range.start.line === index + head.length).map(({message}) => message)
      if (words === undefined) assert.deepEqual(said, [], line)
      else
        assert.ok(
          said.some((message) => words.test(message)),
          `${line}: ${said.join(', ')}`,
        )
    }
  })
})
