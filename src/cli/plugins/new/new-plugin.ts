import path from 'node:path'
import {HarnessError} from '../../../core/base/errors.js'
import {isName, toName} from '../../../core/base/ids.js'
import type {Terminal} from '../../terminal.js'
import {pluginFiles, type PluginWish} from './plugin-files.js'
import {pluginKinds} from './plugin-kinds.js'
import {writeFolder} from './write-folder.js'

/** `harness plugins new`: answers the exit code. */
export async function newPlugin(terminal: Terminal, wish: PluginWish, directory = process.cwd()): Promise<number> {
  const {name, kind} = wish
  refuseName(wish)
  const folder = path.join(directory, name)
  const files = await pluginFiles(wish)
  await writeFolder(folder, files)
  const packageName = `harness-plugin-${name}`
  if (terminal.json) {
    terminal.data({name, kind, package: packageName, folder, files: files.map((file) => path.join(folder, file.path))})
    return 0
  }
  const {green, bold} = terminal.style
  terminal.out(`${green('✔')} ${name} is the plugin ${bold(packageName)} now: ${pluginKinds[kind].summary}.`)
  terminal.out(`  ${bold(`cd ${name} && npm install && npm test`)}`)
  terminal.out(`  ${bold('harness plugins link .')}`)
  terminal.note('Its README says what each file is for.')
  return 0
}

function refuseName({name, kind}: PluginWish): void {
  const {suffix} = pluginKinds[kind]
  if (isName(name) && isName(`${name}${suffix}`)) return
  const longest = 63 - suffix.length
  const meant = toName(name)
    .slice(0, longest)
    .replace(/[-_]+$/, '')
  throw new HarnessError('USAGE', {
    subject: name,
    reason: `a plugin's name has small letters, digits, - and _, at most ${longest}`,
    hint: /[a-z0-9]/i.test(name) ? `Did you mean '${meant}'?` : 'Choose a name like `tmux`.',
  })
}
