// Starts the quickstart from a program, follows its progress, asks one service something, and stops everything again.
import {fileURLToPath} from 'node:url'
import {connect, loadStack} from '@service-harness/cli'

const states = new Map()
const file = fileURLToPath(new URL('../quickstart/harness.yaml', import.meta.url))

// Reads and checks the file. A problem rejects with CONFIG_INVALID, all problems in `details.diagnostics`.
const {definition} = await loadStack({files: [file], cwd: process.cwd(), env: process.env})

// The daemon of this user, launched when none runs. Without `start` there must be one.
const client = await connect({start: true})

try {
  const {stack} = await client.stack.load({definition})
  const {started, failed} = await client.service.start({stack}, {onProgress: ({step}) => step && tell(step)})
  console.log({started, failed})

  const {services} = await client.service.status({stack, services: ['api']})
  const cities = await fetch(`${services[0].endpoints[0].url}/api/cities`)
  console.log(Object.keys(await cities.json()))

  const {stopped} = await client.service.stop({stack, dependents: 'stop'})
  console.log({stopped})
} finally {
  // Ends the conversation. What was asked for goes on.
  await client.close()
}

/** A step is told whenever something about it changes; here only the state counts. */
function tell({name, state}) {
  if (states.get(name) === state) return
  states.set(name, state)
  console.log(`${name}: ${state}`)
}
