import assert from 'node:assert/strict'
import {tmpdir} from 'node:os'
import {describe, it} from 'mocha'
import {anvil} from '../../../../plugins/graph/src/anvil/type.js'
import {graphNode} from '../../../../plugins/graph/src/graph-node/type.js'
import {ipfs} from '../../../../plugins/graph/src/ipfs/type.js'
import {postgres} from '../../../../plugins/graph/src/postgres/type.js'
import {testServices} from '../../../../src/testing.js'

interface Schema {
  readonly description?: string
  readonly const?: unknown
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
}

interface Parts {
  readonly input?: unknown
  readonly output?: unknown
  readonly event?: unknown
}

describe('plugins/graph: schemas of service types', () => {
  it('describe every field that people and agents are shown', () => {
    const services = testServices(tmpdir())
    const nameless = [postgres, anvil, ipfs, graphNode].flatMap((make) => {
      const {type, configSchema, event, actions} = make(services)
      const parts: Readonly<Record<string, Parts>> = actions
      const ofActions = Object.entries(parts).flatMap(([name, action]) =>
        (['input', 'output', 'event'] as const).map((part) => [`${type} ${name} ${part}`, action[part]] as const),
      )
      return [[`${type} config`, configSchema] as const, [`${type} event`, event] as const, ...ofActions].flatMap(
        ([where, schema]) => undescribed(schema as Schema | undefined, where),
      )
    })
    assert.deepEqual(nameless, [])
  })
})

function undescribed(schema: Schema | undefined, where: string): readonly string[] {
  const {properties = {}, items, anyOf = [], oneOf = []} = schema ?? {}
  const own = Object.entries(properties).flatMap(([name, field]) => [
    ...(field.description === undefined && field.const === undefined ? [`${where}.${name}`] : []),
    ...undescribed(field, `${where}.${name}`),
  ])
  const inside = [...(items ? [items] : []), ...anyOf, ...oneOf].flatMap((each) => undescribed(each, where))
  return [...own, ...inside]
}
