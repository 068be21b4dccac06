// A daemon of your own: its own state, its own types, its own stacks. Here with one task type, which it runs once.
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {BaseDaemon, connect, loadStack} from '@service-harness/cli'

/** What a plugin's hook would answer: data and functions, which the host checks and freezes. */
const greetings = {
  name: 'greetings',
  taskTypes: [
    {
      type: 'greet',
      summary: 'Greets somebody.',
      input: {type: 'object', properties: {name: {type: 'string'}}, required: ['name'], additionalProperties: false},
      output: {type: 'object', properties: {text: {type: 'string'}}, required: ['text'], additionalProperties: false},
      run: ({name}) => Promise.resolve({text: `Hello, ${name}!`}),
    },
  ],
}

const {definition} = await loadStack({
  files: [fileURLToPath(new URL('greeting.yaml', import.meta.url))],
  cwd: process.cwd(),
  env: process.env,
})
const folder = await mkdtemp(path.join(tmpdir(), 'harness-example-'))
const stateDirectory = path.join(folder, 'state')

const daemon = await BaseDaemon.builder()
  .withStateDirectory(stateDirectory)
  .withVersion('1.0.0')
  .withPlugins([
    {
      name: 'greetings',
      version: '1.0.0',
      kind: 'core',
      api: '^1.0',
      load: () => Promise.resolve({default: () => Promise.resolve(greetings)}),
    },
  ])
  .withConfig(definition)
  .build()

const client = await connect({stateDirectory})
const {task} = await client.task.run({stack: 'greeting', task: 'hello', force: false})
console.log(task.state, task.outputs)

await client.close()
await daemon.shutdown({stopServices: true})
await rm(folder, {recursive: true})
