// Runs Anvil as a service: its scratch data in the folder of the attempt, its secrets from the environment.
import {existsSync} from 'node:fs'
import {access, constants, mkdir, rename, rm} from 'node:fs/promises'
import path from 'node:path'
import {flags, forkEnvironment, forkName, launchVariables, newChainSignal, stateArguments} from '../anvil/arguments.js'
import {findAnvil} from '../anvil/find-anvil.js'
import {runDirectory} from '../shared/launch/run-directory.js'
import {endLike, fail, type ProgramEnd, RunningProgram} from '../shared/launch/run-program.js'

const given = (name: keyof typeof launchVariables): string | undefined => process.env[launchVariables[name]]
const [forkUrl, state] = [given('forkUrl'), given('state')]

const program = findAnvil(given('binary'))
if (program === undefined) fail(notFound(given('binary')))
if (state !== undefined) await prepare(path.resolve(state))
const scratch = path.join(await runDirectory('anvil'), 'anvil')

let running: RunningProgram | undefined
const wish = {end: false, newChain: false}
for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP'] as const) {
  process.on(signal, () => {
    wish.end = true
    running?.stop()
  })
}
process.on(newChainSignal, () => {
  wish.newChain = true
  running?.stop()
})

let end = await runOnce(program, forkUrl)
while (isNewChainWished()) {
  wish.newChain = false
  if (state !== undefined && existsSync(state)) await rename(state, `${state}.fork`)
  end = await runOnce(program, undefined)
}
endLike(end)

function isNewChainWished(): boolean {
  return wish.newChain && !wish.end
}

/** Gigabytes, when many blocks are mined: nothing of it may stay. */
async function runOnce(program: string, forkUrl: string | undefined): Promise<ProgramEnd> {
  await mkdir(scratch, {recursive: true})
  running = new RunningProgram({
    program,
    args: [
      ...process.argv.slice(2),
      ...['--cache-path', path.join(scratch, 'states')],
      ...(forkUrl === undefined ? [] : flags({'--fork-url': forkName, '--fork-block-number': given('forkBlock')})),
      ...flags({'--mnemonic': given('mnemonic')}),
      ...(state === undefined ? [] : stateArguments(state)),
    ],
    // What is fetched of a forked chain is kept in the home folder.
    options: {env: {...process.env, ...(forkUrl === undefined ? {} : forkEnvironment(forkUrl)), HOME: scratch}},
    stopSignal: 'SIGTERM',
  })
  // Asked before there was anybody to be told.
  if (wish.end) running.stop()
  const end = await running.ended
  await rm(scratch, {recursive: true, force: true, maxRetries: 3})
  return end
}

/** Anvil says nothing when it cannot write the file at its end. */
async function prepare(file: string): Promise<void> {
  const folder = path.dirname(file)
  try {
    await mkdir(folder, {recursive: true})
    await access(existsSync(file) ? file : folder, constants.R_OK | constants.W_OK)
  } catch (error) {
    fail(`the state of the chain cannot be kept in ${file}: ${(error as Error).message}.`)
  }
}

function notFound(name: string | undefined): string {
  if (name !== undefined) return `Anvil was not found: there is no program ${name}. Correct \`binary\` of the service.`
  return 'Anvil was not found in node_modules and PATH. Install it, `npm install --save-dev @foundry-rs/anvil`, or name it: `binary` of the service. Or run it in a container: `from: docker`.'
}
