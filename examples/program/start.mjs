// Starts the quickstart from a program, follows its progress, asks one service something, and stops everything again.
import {randomUUID} from 'node:crypto'
import {fileURLToPath} from 'node:url'
import {ensureDaemon, loadStack, stateDirectory, systemClock} from '@service-harness/cli'

const states = new Map()
const here = (file) => fileURLToPath(new URL(file, import.meta.url))

// Reads and checks the file. A problem rejects with CONFIG_INVALID, all problems in `details.diagnostics`.
const {definition} = await loadStack({
  files: [here('../quickstart/harness.yaml')],
  cwd: process.cwd(),
  env: process.env,
})

// The daemon of this user, launched when none runs. `connect` takes only one that runs.
const client = await ensureDaemon({
  stateDirectory: stateDirectory(),
  client: {name: 'example', version: '1.0.0'},
  clock: systemClock,
  command: [process.execPath, here('../../bin/run.js'), 'daemon', '--auto'],
  env: process.env,
})

try {
  const {stack} = await client.call('stack.load', {definition, requestId: randomUUID()})
  const {started, failed} = await client.call(
    'service.start',
    {stack, services: [], env: process.env, requestId: randomUUID()},
    {onProgress: ({step}) => step && tell(step)},
  )
  console.log({started, failed})

  const {services} = await client.call('service.status', {stack, services: ['api']})
  const cities = await fetch(`${services[0].endpoints[0].url}/api/cities`)
  console.log(Object.keys(await cities.json()))

  const {stopped} = await client.call('service.stop', {
    stack,
    services: [],
    dependents: 'stop',
    requestId: randomUUID(),
  })
  console.log({stopped})
} finally {
  // Ends the conversation. What was asked for goes on.
  await client[Symbol.asyncDispose]()
}

/** A step is told whenever something about it changes; here only the state counts. */
function tell({name, state}) {
  if (states.get(name) === state) return
  states.set(name, state)
  console.log(`${name}: ${state}`)
}
