import {writeSync} from 'node:fs'
import {systemClock} from '../../../../src/core/base/clock.js'
import {silentLog} from '../../../../src/core/base/log.js'
import {openStore} from '../../../../src/core/store/open-store.js'

// Counts up in the store for ever, three commits a turn, and prints each number once it is acknowledged.
const store = await openStore({
  directory: process.argv[2] ?? '',
  clock: systemClock,
  log: silentLog,
  snapshotEvery: {records: 40, bytes: 1e9},
})
let next = Number(store.get('n') ?? 0) + 1
for (;;) {
  const turn = [next, next + 1, next + 2].map((number) =>
    store
      .commit([
        {key: 'n', value: number},
        {key: `slot/${number % 50}`, value: number},
        {key: 'mirror', value: number},
      ])
      .then(() => {
        writeSync(1, `${number}\n`)
      }),
  )
  next += 3
  await Promise.all(turn)
}
