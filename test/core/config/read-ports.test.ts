import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {loadService, problemsOf} from './load.js'

async function portsOf(ports: string): Promise<unknown> {
  return (await loadService(`ports: ${ports}`)).ports
}

describe('ports', () => {
  it('is a list, whose first is the default and whose others go by their number', async () => {
    assert.deepEqual(await portsOf('[5001, "8080:80", "0:9000", 0]'), [
      {name: 'default', protocol: 'tcp', port: 5001},
      {name: '80', protocol: 'tcp', port: 8080, container: 80},
      {name: '9000', protocol: 'tcp', port: 0, container: 9000},
      {name: 'port-4', protocol: 'tcp', port: 0},
    ])
  })

  it('or a map of names, where the name of a protocol gives the protocol', async () => {
    assert.deepEqual(await portsOf('{http: 0, grpc: "50051", admin: "0:80", wss: {port: 1, protocol: ws}}'), [
      {name: 'http', protocol: 'http', port: 0},
      {name: 'grpc', protocol: 'grpc', port: 50051},
      {name: 'admin', protocol: 'tcp', port: 0, container: 80},
      {name: 'wss', protocol: 'ws', port: 1},
    ])
  })

  it('takes the long form', async () => {
    assert.deepEqual(
      await portsOf('[{port: 0, container: 80, protocol: http}, {port: 9, name: udp}, {container: 7}]'),
      [
        {name: 'default', protocol: 'http', port: 0, container: 80},
        {name: 'udp', protocol: 'udp', port: 9},
        {name: '7', protocol: 'tcp', port: 0, container: 7},
      ],
    )
  })

  it('refuses what is none', async () => {
    for (const ports of [
      '[-1]',
      '[65536]',
      '["a"]',
      '["80:0"]',
      '["1:2:3"]',
      '{http: [1]}',
      '[{port: 1, host: x}]',
      '[~]',
    ]) {
      const problems = await problemsOf(`services: {api: {type: process, binary: node, ports: ${ports}}}`)
      assert.equal(problems.length, 1, ports)
      assert.equal(problems[0]?.severity, 'error', ports)
    }
  })
})
