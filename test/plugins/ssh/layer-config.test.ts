import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {dockerLayer} from '../../../plugins/docker/src/docker-layer.js'
import {sshLayer} from '../../../plugins/ssh/src/ssh-layer.js'
import {localLayer} from '../../../src/core/command/local-layer.js'
import {shellText} from '../../../src/core/command/shell-text.js'
import {wrapAll} from '../../../src/core/command/wrap.js'
import type {CommandSpec} from '../../../src/core/contract/command.js'
import type {Layer, LayerUse} from '../../../src/core/contract/layer.js'

const config = '/srv/ssh_config'
const layers = [localLayer, dockerLayer(shellText), sshLayer(shellText, {config})] as readonly Layer[]
const wrapped = (...uses: readonly LayerUse[]): CommandSpec =>
  wrapAll({program: 'true', args: [], env: {}}, uses, (kind) => layers.find((layer) => layer.kind === kind))
const ssh = (spec: object = {}): LayerUse => ({type: 'ssh', spec: {host: 'there', ...spec}})

/** What follows `-F` in the command of this machine. */
function fileOf({args}: CommandSpec): string | undefined {
  const at = args.indexOf('-F')
  return at < 0 ? undefined : args[at + 1]
}

describe('the configuration of SSH that harness was given', () => {
  it('is that of the first ssh, which runs here, and of no other', () => {
    const once = wrapped({type: 'local', spec: {}}, ssh())
    assert.equal(fileOf(once), config)
    const twice = wrapped(ssh(), ssh())
    assert.equal(fileOf(twice), config)
    assert.match(twice.lead ?? '', /'ssh'/)
    assert.ok(!`${twice.lead}`.includes(config))
    const inside = wrapped({type: 'docker', spec: {container: 'a'}}, ssh())
    assert.ok(!JSON.stringify(inside).includes(config))
  })

  it('is that of the machine in between as well', () => {
    const {args} = wrapped(ssh({jump: 'bastion'}))
    assert.match(args.find((word) => word.startsWith('ProxyCommand=')) ?? '', /'-F' '\/srv\/ssh_config'/)
  })

  it('gives way to that of the layer', () => {
    const own = wrapped(ssh({config: '/srv/own'}))
    assert.equal(fileOf(own), '/srv/own')
    assert.ok(!JSON.stringify(own).includes(config))
  })
})
