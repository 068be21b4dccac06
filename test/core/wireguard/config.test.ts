import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {isWireguardKey} from '../../../src/core/base/wireguard-key.js'
import type {NetworkNode} from '../../../src/core/contract/stack.js'
import {configOf, obstaclesOf, strangersOf, type WireguardNetwork} from '../../../src/core/wireguard/config-of.js'
import {driftOf, privateKeyIn} from '../../../src/core/wireguard/drift.js'
import {makeKeyPair, publicKeyOf} from '../../../src/core/wireguard/keys.js'

const keys = {hub: makeKeyPair(), leaf: makeKeyPair()}
const hub: NetworkNode = {name: 'hub', endpoint: '[fd99::1]:51820', publicKey: keys.hub.publicKey}
const leaf: NetworkNode = {name: 'leaf', publicKey: keys.leaf.publicKey}

function network(nodes: readonly NetworkNode[], addresses: Readonly<Record<string, string>>): WireguardNetwork {
  const definition = {type: 'wireguard', subnet: '10.8.0.0/24', nodes} as const
  return {name: 'wg', definition, addresses: new Map(Object.entries(addresses))}
}
const both = network([hub, leaf], {hub: '10.8.0.1', leaf: '10.8.0.2'})

describe('the configuration of a wireguard node', () => {
  it('has keys of 32 bytes, of which the public one follows from the private one', () => {
    assert.equal(publicKeyOf(keys.hub.privateKey), keys.hub.publicKey)
    assert.notEqual(keys.hub.privateKey, keys.leaf.privateKey)
    assert.ok([keys.hub.privateKey, keys.hub.publicKey].every(isWireguardKey))
    for (const bad of ['', keys.hub.publicKey.slice(1), `${keys.hub.publicKey} `, '='.repeat(44)]) {
      assert.equal(isWireguardKey(bad), false)
    }
  })

  it('names the peer by its own address alone, and keeps the way through routers open from the side that has no endpoint', () => {
    assert.equal(
      configOf(both, leaf, keys.leaf.privateKey),
      [
        '# Written by harness; `harness network config --write` writes it again.',
        '[Interface]',
        `PrivateKey = ${keys.leaf.privateKey}`,
        'Address = 10.8.0.2/24',
        '',
        '# hub',
        '[Peer]',
        `PublicKey = ${keys.hub.publicKey}`,
        'AllowedIPs = 10.8.0.1/32',
        'Endpoint = [fd99::1]:51820',
        'PersistentKeepalive = 25',
        '',
      ].join('\n'),
    )
    const ofHub = configOf(both, hub)
    assert.match(ofHub, /^ListenPort = 51820$/m)
    assert.doesNotMatch(ofHub, /^PrivateKey|^Endpoint|Keepalive/m)
  })

  it('cannot be written while a peer has no key, or a node no address', () => {
    const odd = network([hub, leaf, {name: 'late'}], {hub: '10.8.0.1', leaf: '10.8.0.2'})
    assert.deepEqual(
      obstaclesOf(odd, hub).map(({reason}) => reason),
      ["node 'late' has no address", "node 'late' has no public key"],
    )
    assert.deepEqual(obstaclesOf(both, hub), [])
    assert.deepEqual(
      strangersOf(odd, leaf).map(({name}) => name),
      ['late'],
    )
  })

  it('is compared with a file: order, case and comments mean nothing, all else is told', () => {
    const good = configOf(both, leaf, keys.leaf.privateKey)
    assert.deepEqual(driftOf(both, leaf, good), [])
    assert.equal(privateKeyIn(good), keys.leaf.privateKey)
    const other = good.replace('Endpoint', 'ENDPOINT').replace('Address = 10.8.0.2/24', 'address=10.8.0.2/24 # mine')
    assert.deepEqual(driftOf(both, leaf, other), [])
    const wrong = good
      .replace('10.8.0.2/24', '10.8.0.3/24')
      .replace('10.8.0.1/32', '10.8.0.1/32, 0.0.0.0/0')
      .replace(keys.leaf.privateKey, makeKeyPair().privateKey)
    const stranger = makeKeyPair().publicKey
    const drift = driftOf(both, leaf, `${wrong}\n[Peer]\nPublicKey = ${stranger}\nnonsense\n`)
    assert.deepEqual(
      drift.map((each) => each.replace(/public key \S+,.*/, 'public key …')),
      [
        'line 15 is none of a configuration',
        'its private key belongs to the public key …',
        'Address is 10.8.0.3/24, expected 10.8.0.2/24',
        "of peer 'hub', AllowedIPs is 10.8.0.1/32, 0.0.0.0/0, expected 10.8.0.1/32",
        `it has a peer that the stack file does not: ${stranger}`,
      ],
    )
    assert.deepEqual(
      driftOf(both, leaf, '[Interface]\nPrivateKey = x\n')[0],
      'its private key is none: expected 32 bytes in base64',
    )
  })
})
