import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import type {Clock} from '../../../src/core/base/clock.js'
import {systemClock} from '../../../src/core/base/clock.js'
import type {ProgressStep} from '../../../src/core/contract/status.js'
import {plainProgress} from '../../../src/core/progress/plain-progress.js'

const at = (second: number): number => new Date(2026, 0, 1, 12, 0, second).getTime()

function written(
  play: (view: ReturnType<typeof plainProgress>, to: (second: number) => void) => void,
  showKept = true,
): string[] {
  let now = at(0)
  let text = ''
  const stream = {write: (part: string) => (text += part)}
  const clock: Clock = {...systemClock, now: () => now}
  play(plainProgress({stream, clock, showKept}), (second) => {
    now = at(second)
  })
  return text.split('\n').slice(0, -1)
}

const step = (name: string, state: ProgressStep['state'], second: number, message: string | null = null) => ({
  id: 1,
  step: {
    kind: 'service',
    name,
    state,
    waitsFor: [],
    message,
    trouble: null,
    at: new Date(at(second)).toISOString(),
  } satisfies ProgressStep,
})

describe('progress without a terminal', () => {
  it('is one line a move, with the time', () => {
    const lines = written((view, to) => {
      const start = {kind: 'service', action: 'start', cause: ''} as const
      view.update({
        id: 1,
        plan: [
          {...start, name: 'db', after: []},
          {...start, name: 'api', after: ['db']},
        ],
      })
      view.update(step('db', 'Starting', 0))
      to(1)
      view.update(step('db', 'Starting', 1, 'connection refused'))
      view.update(step('db', 'Starting', 1, 'connection refused'))
      to(2)
      view.update(step('db', 'Running', 2))
      view.update(step('api', 'Starting', 2))
      to(3)
      view.update(step('api', 'Failed', 3, 'exited with code 1'))
    })
    assert.deepEqual(lines, [
      '12:00:00 api waiting for db',
      '12:00:00 db  Starting',
      '12:00:02 db  Running (2.0 s)',
      '12:00:02 api Starting',
      '12:00:03 api Failed – exited with code 1 (1.0 s)',
    ])
  })

  it('says nothing of what stays as it is, but its trouble during a start', () => {
    const kept = {kind: 'service', action: 'keep', cause: 'runs already', after: []} as const
    const play = (view: ReturnType<typeof plainProgress>): void => {
      view.update({
        id: 1,
        plan: [
          {...kept, name: 'db'},
          {...kept, name: 'api', after: ['db']},
        ],
      })
      view.update(step('db', 'Running', 0))
      view.update(step('api', 'Stopped', 0))
      view.update(step('db', 'Unhealthy', 1, 'http 503'))
    }
    assert.deepEqual(written(play), ['12:00:00 db Unhealthy – http 503 (0 ms)'])
    assert.deepEqual(written(play, false), [])
  })
})
