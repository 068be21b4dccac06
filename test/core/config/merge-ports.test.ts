import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {mergePorts} from '../../../src/core/config/merge-ports.js'
import type {PortDefinition} from '../../../src/core/contract/stack.js'

const rpc: PortDefinition = {name: 'rpc', protocol: 'http', port: 8545}
const admin: PortDefinition = {name: 'admin', protocol: 'http', port: 8020}

describe('the ports of a file and those of its service type', () => {
  it('are both there, those of the file first and in place of those of the same name', () => {
    const own: PortDefinition = {name: 'rpc', protocol: 'ws', port: 0}
    assert.deepEqual(mergePorts([own], [rpc, admin]), [own, admin])
    assert.deepEqual(mergePorts([], [rpc]), [rpc])
    const free: PortDefinition = {name: 'default', protocol: 'tcp', port: 0}
    assert.deepEqual(mergePorts([free], [rpc]), [free, rpc])
  })

  it('speak what the type says, where the file says nothing of it', () => {
    const picked: PortDefinition = {name: 'rpc', protocol: 'tcp', port: 0, container: 8545}
    assert.deepEqual(mergePorts([picked], [rpc]), [{...picked, protocol: 'http'}])
    const names: PortDefinition = {name: 'rpc', protocol: 'udp', port: 53}
    assert.deepEqual(mergePorts([{...picked, port: 53}], [names]), [{...picked, port: 53}])
  })

  it('are one where the file gives the number alone: it is called as the type calls it', () => {
    const plain: PortDefinition = {name: 'default', protocol: 'tcp', port: 8545}
    const second: PortDefinition = {name: '8020', protocol: 'tcp', port: 8020}
    assert.deepEqual(mergePorts([plain, second], [rpc, admin]), [rpc, admin])
  })

  it('are compared by what the program listens on', () => {
    const published: PortDefinition = {name: 'default', protocol: 'tcp', port: 0, container: 8545}
    assert.deepEqual(mergePorts([published], [rpc]), [{...published, name: 'rpc', protocol: 'http'}])
    const other: PortDefinition = {name: 'default', protocol: 'tcp', port: 8545, container: 80}
    assert.deepEqual(mergePorts([other], [rpc]), [other, rpc])
  })

  it('keep a name that the file gives, and the number does not come twice', () => {
    const chain: PortDefinition = {name: 'chain', protocol: 'http', port: 8545}
    assert.deepEqual(mergePorts([chain], [rpc]), [chain])
    const both: PortDefinition = {name: 'default', protocol: 'tcp', port: 8545}
    const named: PortDefinition = {name: 'rpc', protocol: 'http', port: 0}
    assert.deepEqual(mergePorts([both, named], [rpc]), [both, named])
  })

  it('that are picked are all different ones', () => {
    const picked = [0, 1].map((index): PortDefinition => ({name: `p${index}`, protocol: 'tcp', port: 0}))
    assert.deepEqual(mergePorts([{name: 'mine', protocol: 'tcp', port: 0}], picked).length, 3)
  })
})
