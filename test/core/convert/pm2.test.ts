import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {convert, notesOf} from './convert.js'

const app = (fields: object): string => JSON.stringify({apps: [{name: 'a', autorestart: false, ...fields}]})
const plain = {type: 'process', shutdown_timeout: '1600ms'}

describe('an app of pm2', () => {
  const cases: readonly (readonly [theirs: object, ours: object])[] = [
    [{script: 'a.js'}, {binary: 'node', args: ['a.js']}],
    [
      {script: './a.py', args: "x 'y z' $HOME"},
      {binary: 'python3', args: ['./a.py', 'x', 'y z', '$$HOME']},
    ],
    [
      {script: 'a.js', node_args: '--inspect', args: ['a b']},
      {binary: 'node', args: ['--inspect', 'a.js', 'a b']},
    ],
    [{script: './bin', interpreter: 'none'}, {binary: './bin'}],
    [
      {script: 'npm', args: 'run dev'},
      {binary: 'npm', args: ['run', 'dev']},
    ],
    [{script: 'npm run dev'}, {binary: 'bash', args: ['-c', 'npm run dev']}],
    [
      {script: 'x', interpreter: '/usr/bin/ruby'},
      {binary: '/usr/bin/ruby', args: ['x']},
    ],
    [
      {script: 'x', cwd: 'sub', env: {A: 1, B: '$x'}},
      {binary: 'x', working_dir: 'sub', env: {A: '1', B: '$$x'}},
    ],
    [
      {script: 'x', instances: 2},
      {binary: 'x', replicas: 2},
    ],
    [
      {script: 'x', kill_timeout: 3000},
      {binary: 'x', shutdown_timeout: '3000ms'},
    ],
    [
      {script: 'x', watch: true, ignore_watch: ['tmp', 'node_modules']},
      {binary: 'x', watch: {paths: ['.'], ignore: ['**/node_modules', '**/tmp']}},
    ],
    [
      {script: 'x', autorestart: true, restart_delay: 500, max_restarts: 3},
      {
        binary: 'x',
        restart: {
          policy: 'always',
          delay: '500ms',
          factor: 1,
          jitter: 0,
          max_attempts: 3,
          window: '24d',
          reset_after: '1s',
        },
      },
    ],
  ]
  for (const [theirs, ours] of cases) {
    it(JSON.stringify(theirs), () => {
      assert.deepEqual(convert('pm2', app(theirs)).services['a'], {...plain, ...ours})
    })
  }

  it('has an environment for each env_NAME', () => {
    const {top} = convert('pm2', app({script: 'x', env_production: {A: 'p'}}))
    assert.deepEqual(top, {environments: {production: {services: {a: {env: {A: 'p'}}}}}})
  })

  it('tells what is lost', () => {
    assert.match(notesOf('pm2', app({script: 'x', instances: 'max'})).join(), /one for each processor/)
    assert.match(
      notesOf('pm2', app({script: 'x', instances: 2, exec_mode: 'cluster'})).join(),
      /cannot listen at one port/,
    )
    assert.match(notesOf('pm2', app({script: 'x', max_memory_restart: '1G'})).join(), /max_memory_restart/)
  })

  it('is called after its script, and no two the same', () => {
    assert.deepEqual(Object.keys(convert('pm2', '[{"script": "x/a.js"}, {"script": "a.js"}]').services), ['a', 'a-2'])
  })

  for (const [text, reason] of [
    ['"x"', /must be a map with 'apps'/],
    ['{"apps": []}', /apps must be a list of apps/],
    ['{"apps": [{"name": "a"}]}', /apps\[0\]\.script must be a script, got nothing/],
    ['{"apps": [1]}', /apps\[0\] must be a map/],
  ] as const) {
    it(`is refused: ${text}`, () => {
      assert.throws(() => convert('pm2', text), {code: 'CONFIG_INVALID', message: reason})
    })
  }
})
