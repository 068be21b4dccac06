import assert from 'node:assert/strict'
import {homedir, hostname} from 'node:os'
import path from 'node:path'
import {describe, it} from 'mocha'
import type {StartRequest} from '../../../src/core/contract/executor.js'
import {createBody} from '../../../plugins/docker/src/create-body.js'
import type {DockerSpec} from '../../../plugins/docker/src/spec.js'

function bodyOf(spec: DockerSpec, more: Partial<StartRequest<DockerSpec>> = {}, address = '127.0.0.1') {
  return createBody(
    {
      ...{id: 'shop/web/2', stack: 'shop', service: 'web', attempt: 2, instance: 'uuid'},
      ...{directory: '/stack', runDirectory: '/runs/uuid', env: {}, inheritedEnv: {PATH: '/bin'}, endpoints: []},
      ...{logs: {capture: 'file' as const, merge: false}, graceMs: 0},
      spec: {image: 'some', ...spec},
      ...more,
    },
    {address},
  )
}
const hostOf = (...args: Parameters<typeof bodyOf>) => bodyOf(...args).HostConfig ?? {}

describe('what the engine is to make of a request', () => {
  it('is the image, or the name of what is built', () => {
    assert.equal(bodyOf({}).Image, 'some')
    assert.equal(bodyOf({image: undefined, build: '.'} as never).Image, 'harness/shop-web:latest')
  })

  it('has nothing that is not given', () => {
    const body = bodyOf({})
    for (const key of ['Cmd', 'Entrypoint', 'WorkingDir', 'User', 'OpenStdin']) assert.equal(key in body, false, key)
    for (const key of ['Init', 'NanoCpus', 'Memory', 'Ulimits', 'Tmpfs']) assert.equal(key in hostOf({}), false, key)
  })

  it('runs what is said, as who and where is said', () => {
    const body = bodyOf({command: ['a', 'b'], entrypoint: ['e'], user: '1:2', working_dir: '/w', stdin: true})
    const {Cmd, Entrypoint, User, WorkingDir, OpenStdin} = body
    assert.deepEqual([Cmd, Entrypoint, User, WorkingDir, OpenStdin], [['a', 'b'], ['e'], '1:2', '/w', true])
    assert.equal(hostOf({init: true}).Init, true)
  })

  it('has the variables of the stack file, and none of the caller', () => {
    assert.deepEqual(bodyOf({}, {env: {A: '1', B: 'x=y'}}).Env, ['A=1', 'B=x=y'])
  })

  it('has labels, of which those of harness are not to be changed', () => {
    assert.deepEqual(bodyOf({labels: {team: 'red', 'harness.stack': 'other'}}).Labels, {
      ...{team: 'red', 'harness.stack': 'shop', 'harness.service': 'web', 'harness.attempt': '2'},
      ...{'harness.instance': 'uuid', 'harness.run': '/runs/uuid', 'harness.machine': hostname()},
    })
  })

  it('publishes ports where it is told to', () => {
    const endpoints = [
      {name: 'a', protocol: 'http', host: '127.0.0.1', port: 8080, containerPort: 80},
      {name: 'b', protocol: 'udp', host: '127.0.0.1', port: 53},
    ] as const
    const body = bodyOf({}, {endpoints}, '0.0.0.0')
    assert.deepEqual(body.ExposedPorts, {'80/tcp': {}, '53/udp': {}})
    assert.deepEqual(body.HostConfig?.PortBindings, {
      '80/tcp': [{HostIp: '0.0.0.0', HostPort: '8080'}],
      '53/udp': [{HostIp: '0.0.0.0', HostPort: '53'}],
    })
  })

  it('publishes a port of the container as often as it is said', () => {
    const of = (port: number) =>
      ({name: `p${port}`, protocol: 'tcp', host: '127.0.0.1', port, containerPort: 80}) as const
    const body = bodyOf({}, {endpoints: [of(8080), of(8081), {...of(8082), protocol: 'udp'}]})
    const on = (HostPort: string) => ({HostIp: '127.0.0.1', HostPort})
    assert.deepEqual(body.ExposedPorts, {'80/tcp': {}, '80/udp': {}})
    assert.deepEqual(body.HostConfig?.PortBindings, {'80/tcp': [on('8080'), on('8081')], '80/udp': [on('8082')]})
  })

  it('mounts paths, volumes with names, and those without', () => {
    const volumes = ['./a:/a', '../b:/b:ro', '~/c:/c', '/d:/d:rw', 'data:/e', '/f']
    const bound = (Source: string, Target: string, ReadOnly = false) => ({Type: 'bind', Source, Target, ReadOnly})
    const named = (Source: string, Target: string) => ({Type: 'volume', Source, Target, ReadOnly: false})
    assert.deepEqual(hostOf({volumes}).Mounts, [
      ...[bound('/stack/a', '/a'), bound('/b', '/b', true), bound(path.join(homedir(), 'c'), '/c'), bound('/d', '/d')],
      ...[named('data', '/e'), named('', '/f')],
    ])
  })

  it('hands options of volumes on that only the engine knows', () => {
    const {Binds, Mounts} = hostOf({volumes: ['./a:/a:ro,z', 'data:/b:nocopy']})
    assert.deepEqual([Binds, Mounts], [['/stack/a:/a:ro,z', 'data:/b:nocopy'], []])
  })

  it('keeps paths in memory', () => {
    assert.deepEqual(hostOf({tmpfs: ['/tmp', '/run:size=1m,mode=700']}).Tmpfs, {'/tmp': '', '/run': 'size=1m,mode=700'})
  })

  it('begins in the network of the stack, under the name of the service; the others are joined after that', () => {
    const body = bodyOf({networks: {back: {aliases: ['db']}, lan: {external: true}}})
    assert.equal(body.HostConfig?.NetworkMode, 'harness-shop')
    assert.deepEqual(body.NetworkingConfig, {EndpointsConfig: {'harness-shop': {Aliases: ['web']}}})
  })

  it('has limits', () => {
    const resources = {cpus: 0.5, memory: '16m'}
    const {NanoCpus, Memory, MemorySwap, Ulimits} = hostOf({resources, ulimits: {nofile: 9, nproc: {soft: 1, hard: 2}}})
    assert.deepEqual([NanoCpus, Memory, MemorySwap], [500_000_000, 16_777_216, 16_777_216])
    assert.deepEqual(Ulimits, [
      {Name: 'nofile', Soft: 9, Hard: 9},
      {Name: 'nproc', Soft: 1, Hard: 2},
    ])
  })

  it('is never restarted by the engine', () => {
    assert.deepEqual(hostOf({}).RestartPolicy, {Name: 'no'})
  })
})
