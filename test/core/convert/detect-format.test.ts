import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {detectFormat} from '../../../src/core/convert/detect-format.js'

describe('the format of a file', () => {
  for (const [file, text, format] of [
    ['x/process-compose.yml', '', 'process-compose'],
    ['docker-compose.yml', '', 'compose'],
    ['compose.yaml', 'services: {a: {image: x}}', 'compose'],
    ['compose.yaml', 'processes: {a: {command: x}}', 'process-compose'],
    ['Procfile', '', 'procfile'],
    ['Procfile.dev', '', 'procfile'],
    ['dev', 'web: serve\nworker: work\n', 'procfile'],
    ['ecosystem.config.json', '', 'pm2'],
    ['apps.json', '{"apps": []}', 'pm2'],
    ['apps.json', '[{"script": "x"}]', 'pm2'],
  ] as const) {
    it(`${file} ${text.split('\n')[0] ?? ''} is ${format}`, () => {
      assert.equal(detectFormat(file, text), format)
    })
  }

  it('is asked for when nothing tells it', () => {
    assert.throws(() => detectFormat('x.yaml', 'a: b'), {
      code: 'USAGE',
      hint: /--from: process-compose, compose, procfile, pm2/,
    })
    assert.throws(() => detectFormat('x.yaml', 'a: [b'), {code: 'CONFIG_INVALID'})
  })

  it('of a program is none: foreign code is not run', () => {
    assert.throws(() => detectFormat('ecosystem.config.cjs', ''), {code: 'CONFIG_INVALID', hint: /JSON\.stringify/})
  })
})
