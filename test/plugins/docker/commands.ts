import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {until, type Sandbox} from '../../support/harness.js'

/** What a command that must succeed prints. */
export async function succeeds(sandbox: Sandbox, ...args: readonly string[]): Promise<string> {
  const {code, stdout, stderr} = await sandbox.run(...args)
  assert.equal(code, 0, `harness ${args.join(' ')}: ${stdout}${stderr}`)
  return stdout
}

/** Until a command that goes on has printed all of these. */
export async function prints(sandbox: Sandbox, args: readonly string[], ...wanted: readonly RegExp[]): Promise<void> {
  const child = spawn(process.execPath, [sandbox.command, ...args], {cwd: sandbox.folder, env: sandbox.env})
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part))
  try {
    await until(() => wanted.every((each) => each.test(text)), `${args.join(' ')} prints all`)
  } catch (error) {
    throw new Error(text, {cause: error})
  } finally {
    child.kill('SIGINT')
  }
}
