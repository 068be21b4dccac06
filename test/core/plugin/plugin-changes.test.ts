import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import type {InstalledPlugin} from '../../../src/core/contract/catalogue.js'
import {pluginChanges} from '../../../src/core/plugin/plugin-changes.js'

const user = (name: string, version: string): InstalledPlugin => ({name, version, kind: 'user'})

describe('pluginChanges', () => {
  it('finds none where the same are there', () => {
    assert.deepEqual(
      pluginChanges([user('a', '1.0.0'), user('b', '2.0.0')], [user('b', '2.0.0'), user('a', '1.0.0')]),
      [],
    )
  })

  it('names what was installed, what became another version, and what was removed', () => {
    assert.deepEqual(
      pluginChanges(
        [user('same', '1.0.0'), user('gone', '1.0.0'), user('moved', '1.0.0')],
        [user('same', '1.0.0'), user('moved', '1.1.0'), user('added', '0.1.0')],
      ),
      [
        {name: 'added', loaded: null, installed: '0.1.0'},
        {name: 'gone', loaded: '1.0.0', installed: null},
        {name: 'moved', loaded: '1.0.0', installed: '1.1.0'},
      ],
    )
  })

  it('names what was built anew under its version; where a build is not known, only the version counts', () => {
    const linked = (name: string, build?: string): InstalledPlugin => ({
      ...{name, version: '1.0.0', kind: 'link'},
      ...(build !== undefined && {build}),
    })
    assert.deepEqual(
      pluginChanges(
        [linked('same', 'a'), linked('anew', 'a'), linked('one'), linked('other', 'a')],
        [linked('same', 'a'), linked('anew', 'b'), linked('one', 'a'), linked('other')],
      ),
      [{name: 'anew', loaded: '1.0.0', installed: '1.0.0'}],
    )
  })

  it('leaves out what comes with harness', () => {
    assert.deepEqual(pluginChanges([{name: 'core', version: '1.0.0', kind: 'core'}], []), [])
  })
})
