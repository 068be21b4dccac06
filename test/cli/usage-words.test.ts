import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {parseScales} from '../../src/cli/parse-scale.js'
import {serviceNames, taskName} from '../../src/cli/require-names.js'
import {usageWords} from '../../src/cli/usage-words.js'

describe('a mistake of usage', () => {
  it('names the flag, what was expected and what to type', () => {
    const said = (message: string): string => {
      const words = usageWords(message)
      return `${words?.message} ${words?.hint}`
    }
    assert.equal(
      said('--foreground=true cannot also be provided when using --timeout'),
      '--foreground and --timeout exclude each other. Leave --foreground or --timeout out.',
    )
    assert.equal(
      said('Parsing --parallel \n\tExpected an integer greater than or equal to 1 but received: 0'),
      "--parallel expects a whole number of at least 1, not '0'. Write --parallel 1, for one.",
    )
    assert.equal(
      said('Parsing --parallel \n\tExpected an integer but received: x'),
      "--parallel expects a whole number, not 'x'. Write --parallel 4, for one.",
    )
    assert.equal(
      said('Expected --format=x to be one of: tree, mermaid, dot, json'),
      "--format expects one of tree, mermaid, dot, json, not 'x'. Write --format tree, for one.",
    )
    assert.match(said('Flag --config expects a value'), /^--config expects a value, and none follows it\. Run/)
    assert.match(said('Missing 1 required arg:\nname  The task.\n\nNote: --config'), /^NAME is missing: the task\. Run/)
  })

  it('stays as it is where the words are clear', () => {
    assert.equal(usageWords('Nonexistent flag: --nope'), undefined)
  })
})

describe('a name on the command line', () => {
  it('goes on as it is when something can be called so', () => {
    assert.deepEqual(serviceNames(['api', 'api-2', 'my_svc']), ['api', 'api-2', 'my_svc'])
    assert.deepEqual(serviceNames(undefined), [])
    assert.equal(taskName('migrate'), 'migrate')
  })

  it('is unknown otherwise, with what was probably meant', () => {
    assert.throws(() => serviceNames(['db', 'Api']), {
      code: 'SERVICE_UNKNOWN',
      subject: 'Api',
      hint: /Did you mean 'api'\?/,
    })
    assert.throws(() => serviceNames(['My.Svc']), {code: 'SERVICE_UNKNOWN', hint: /Did you mean 'my-svc'\?/})
    assert.throws(() => taskName('Migrate'), {code: 'TASK_UNKNOWN', hint: /Did you mean 'migrate'\?.*task list/})
    assert.throws(() => parseScales(['Api=2']), {code: 'SERVICE_UNKNOWN', hint: /Did you mean 'api'\?/})
    assert.throws(() => serviceNames(['..']), {code: 'SERVICE_UNKNOWN', hint: /^Run `harness status`/})
  })
})
