import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {convert, notesOf, written} from './convert.js'

const service = (fields: string): string => `services: {a: {image: i, ${fields}}, b: {image: i}}`
const docker = {type: 'docker', image: 'i'}

describe('a service of Compose', () => {
  const pace = {delay: '100ms', factor: 2, max_delay: '1m', jitter: 0, reset_after: '10s'}
  const cases: readonly (readonly [theirs: string, ours: object])[] = [
    ['', {}],
    ['command: serve --name "a b"', {command: ['serve', '--name', 'a b']}],
    ['command: [serve, "$$X", "${Y:-z}"]', {command: ['serve', '$$X', '${Y:-z}']}],
    ['environment: {A: 1.10, B: true, C: }', {env: {A: '1.10', B: 'true', C: '${C-}'}}],
    ['environment: [A=1=2, B]', {env: {A: '1=2', B: '${B-}'}}],
    ['env_file: .env.a', {env_file: '.env.a'}],
    [
      'env_file: [a, {path: b, required: false, format: raw}]',
      {env_file: ['a', {path: 'b', required: false, format: 'raw'}]},
    ],
    ['ports: ["8080:80", "443"]', {ports: ['8080:80', '0:443']}],
    ['ports: ["8000-8001:80-81"]', {ports: ['8000:80', '8001:81']}],
    ['ports: ["[::1]:53:53/udp"]', {ports: [{port: 53, container: 53, protocol: 'udp'}]}],
    ['ports: ["${P:-8080}:80"]', {ports: ['${P:-8080}:80']}],
    ['ports: [{target: 80, published: "8080", protocol: tcp}]', {ports: ['8080:80']}],
    [
      'ports: ["1:80", "2:81", "3:81"]',
      {ports: ['1:80', '2:81', {port: 3, container: 81, protocol: 'tcp', name: 'port-3'}]},
    ],
    ['depends_on: [b]', {dependencies: [{service: 'b', condition: 'started'}]}],
    ['links: ["b:db"]', {dependencies: [{service: 'b', condition: 'started'}]}],
    ['depends_on: {b: {condition: service_healthy}}', {dependencies: ['b']}],
    [
      'depends_on: {b: {condition: service_completed_successfully, restart: true, required: false}}',
      {dependencies: [{service: 'b', condition: 'succeeded', restart: true, required: false}]},
    ],
    [
      'healthcheck: {test: curl localhost, interval: 1m30s}',
      {health_check: {command: ['sh', '-c', 'curl localhost'], interval: '1m30s', timeout: '30s', retries: 3}},
    ],
    [
      'healthcheck: {test: [CMD, ok, x], retries: 5, start_period: 5s}',
      {health_check: {command: ['ok', 'x'], interval: '30s', timeout: '30s', retries: 5, start_period: '5s'}},
    ],
    ['healthcheck: {test: [NONE]}', {}],
    ['healthcheck: {disable: true}', {}],
    ['restart: no', {}],
    ['restart: unless-stopped', {restart: {policy: 'always', ...pace, max_attempts: 1_000_000}}],
    ['restart: on-failure:3', {restart: {policy: 'on-failure', ...pace, max_attempts: 3, window: '24d'}}],
    ['volumes: [data:/data, ./x:/x:ro]', {volumes: ['data:/data', './x:/x:ro']}],
    ['volumes: [{type: bind, source: ./x, target: /x, read_only: true}]', {volumes: ['./x:/x:ro']}],
    ['tmpfs: /tmp, volumes: [{type: tmpfs, target: /run}]', {tmpfs: ['/tmp', '/run']}],
    ['networks: {back: , front: {}}', {networks: ['back', 'front']}],
    ['labels: [a=b, c]', {labels: {a: 'b', c: ''}}],
    ['user: "1000", working_dir: /w, init: true', {user: '1000', working_dir: '/w', init: true}],
    ['deploy: {resources: {limits: {memory: 1G, cpus: "0.5"}}}', {resources: {memory: '1G', cpus: 0.5}}],
    ['mem_limit: 1g, cpus: 2', {resources: {memory: '1g', cpus: 2}}],
    ['ulimits: {nproc: 9, nofile: {soft: 1, hard: 2}}', {ulimits: {nproc: 9, nofile: {soft: 1, hard: 2}}}],
    ['pull_policy: if_not_present', {pull: 'missing'}],
    ['profiles: [Dev]', {profiles: ['dev']}],
    ['scale: 2', {replicas: 2}],
    ['deploy: {replicas: 3}', {replicas: 3}],
    ['stop_signal: SIGINT, stop_grace_period: 1m', {stop_signal: 'SIGINT', shutdown_timeout: '1m'}],
    ['build: {context: ., dockerfile: D, target: t}', {build: {context: '.', dockerfile: 'D', target: 't'}}],
    ['extends: {service: b}', {}],
  ]
  for (const [theirs, ours] of cases) {
    it(theirs === '' ? 'with an image alone' : theirs, () => {
      assert.deepEqual(convert('compose', service(theirs)).services['a'], {...docker, ...ours})
    })
  }

  it('has a note for each thing that docker targets have not', () => {
    const notes = notesOf('compose', service('privileged: true, container_name: x, x-mine: 1, logging: {driver: none}'))
    assert.deepEqual(
      notes.map((note) => note.split(':')[0]),
      ['services.a.privileged', 'services.a.container_name', 'services.a.logging', 'services'],
    )
  })
})

describe('a file of Compose', () => {
  it('is written with its anchors followed', () => {
    const text = `
name: shop
x-common: &common {restart: always}
services:
  db: {<<: *common, image: "db:1", environment: {PASSWORD: "\${PW:-p}"}}
  api: {build: ., depends_on: {db: {condition: service_healthy}}}
volumes: {data: }
`
    assert.equal(
      written('compose', text),
      `
# services know each other by name on one network there; here \`\${NAME.host}\` and \`\${NAME.port}\` are the address of one.

name: shop

services:
  db:
    type: docker
    image: db:1
    env: {PASSWORD: '\${PW:-p}'}
    restart:
      policy: always
      delay: 100ms
      factor: 2
      max_delay: 1m
      jitter: 0
      reset_after: 10s
      max_attempts: 1000000

  api:
    type: docker
    build: {context: .}
    dependencies: [db]
`.trimStart(),
    )
  })

  it('that stands elsewhere keeps its paths', () => {
    const text = 'services: {a: {build: ./app, volumes: ["./x:/x", "data:/d"], env_file: .e}}'
    const {a} = convert('compose', text, 'sub').services
    assert.deepEqual(a?.['build'], {context: 'sub/app'})
    assert.deepEqual(a['volumes'], ['./sub/x:/x', 'data:/d'])
    assert.equal(a['env_file'], 'sub/.e')
  })

  const broken: readonly (readonly [text: string, reason: RegExp])[] = [
    ['services: {}', /services must be a map of services/],
    ['services: {a: {}}', /services\.a\.image must be an image, or a build/],
    ['services: {a: {image: i, depends_on: [z]}}', /must be a service of this file, got 'z'/],
    ['services: {a: {image: i, ports: ["x:y"]}}', /ports\[0\] must be a port/],
    ['services: {a: {image: i, ports: ["1-3:1-2"]}}', /two ranges of the same length/],
    ['services: {a: {image: i, command: "a \'b"}}', /quotes are closed/],
    ['services: {a: {image: i, healthcheck: {test: [x]}}}', /begins with 'CMD'/],
    ['services: {a: {image: i, restart: maybe}}', /restart must be one of/],
    ['services: {a: {extends: a}}', /no circle/],
  ]
  for (const [text, reason] of broken) {
    it(`is refused: ${text}`, () => {
      assert.throws(() => convert('compose', text), {code: 'CONFIG_INVALID', message: reason})
    })
  }
})
