import {Config} from '@oclif/core'
import {readdir} from 'node:fs/promises'
import path from 'node:path'

/** docs/commands.md, from the built commands. What users have installed on this machine plays no part. */
export async function commandsMarkdown(root) {
  const config = await Config.load({root, userPlugins: false, devPlugins: false})
  // An alias is listed as a command of its own.
  const all = config.commands.filter(({aliases, hidden, id}) => !hidden && !aliases?.includes(id))
  const commands = all.filter(isOurs).sort((a, b) => (a.id < b.id ? -1 : 1))
  const borrowed = all
    .filter((command) => !isOurs(command) && !command.id.includes(':'))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
  await assertAllLoaded(config, root)
  return [
    '# Commands',
    '',
    '<!-- Generated from src/commands by `npm run generate`. -->',
    '',
    ...commands.map(
      (command) => `- [${name(config, command)}](#${anchor(config, command)}): ${summary(config, command)}`,
    ),
    ...borrowed.map((command) => `- \`${name(config, command)}\`: ${summary(config, command)}`),
    ...commands.flatMap((command) => section(config, command)),
  ].join('\n')
}

/** Of harness, or of a plugin that is developed with it. */
function isOurs({pluginName}) {
  return pluginName.startsWith('@service-harness/')
}

/** oclif only warns of a command that it cannot load; the page must not lose one that way. */
async function assertAllLoaded(config, root) {
  const folder = path.join(root, 'dist', 'commands')
  const files = (await readdir(folder, {recursive: true})).filter((file) => file.endsWith('.js'))
  const loaded = config.commands.filter(
    ({aliases, id, pluginName}) => pluginName === config.pjson.name && !aliases?.includes(id),
  ).length
  if (loaded < files.length || loaded === 0) throw new Error(`${loaded} of ${files.length} commands could be loaded`)
}

function section(config, command) {
  const args = Object.values(command.args ?? {}).filter(({hidden}) => !hidden)
  const flags = Object.values(command.flags ?? {}).filter(({hidden}) => !hidden)
  const more = render(config, command, command.summary ? command.description : undefined)
  const aliases = (command.aliases ?? []).map((alias) => `\`${config.bin} ${alias.replaceAll(':', ' ')}\``)
  return [
    '',
    `## ${name(config, command)}`,
    '',
    summary(config, command),
    ...(more ? ['', more] : []),
    ...(aliases.length > 0 ? ['', `Also: ${aliases.join(', ')}.`] : []),
    '',
    '```sh',
    [name(config, command), ...args.map(usage(command)), ...(flags.length > 0 ? ['[FLAGS]'] : [])].join(' '),
    '```',
    ...table(
      'argument',
      args.map((arg) => [`\`${arg.name.toUpperCase()}\``, describe(config, command, arg)]),
    ),
    ...table(
      'flag',
      flags.sort(byName).map((flag) => [`\`${spelling(flag)}\``, describe(config, command, flag)]),
    ),
    ...examples(config, command),
  ]
}

function examples(config, command) {
  const list = (command.examples ?? []).flatMap((example) =>
    typeof example === 'string' ? [example] : [`# ${example.description}`, example.command],
  )
  return list.length === 0 ? [] : ['', '```sh', ...list.map((line) => render(config, command, line)), '```']
}

function table(head, rows) {
  return rows.length === 0 ? [] : ['', `| ${head} | |`, '|---|---|', ...rows.map((cells) => `| ${cells.join(' | ')} |`)]
}

function describe(config, command, {summary, description, options, default: value, required}) {
  const text = render(config, command, summary ?? description ?? '')
  const notes = [
    required ? 'Required.' : '',
    options ? `One of ${options.map((option) => `\`${option}\``).join(', ')}.` : '',
    ['string', 'number'].includes(typeof value) && value !== '' ? `Default: \`${value}\`.` : '',
  ]
  return [text, ...notes].filter(Boolean).join(' ').replaceAll('|', '\\|').replaceAll('\n', ' ')
}

function spelling({name, char, type, allowNo, helpValue}) {
  const long =
    type === 'boolean' ? `--${allowNo ? '[no-]' : ''}${name}` : `--${name}=${helpValue ?? name.toUpperCase()}`
  return char ? `-${char}, ${long}` : long
}

const usage = (command) => (arg) => {
  const word = `${arg.name.toUpperCase()}${command.strict === false ? '...' : ''}`
  return arg.required ? word : `[${word}]`
}

const byName = (a, b) => (a.name < b.name ? -1 : 1)

function name(config, {id}) {
  return `${config.bin} ${id.replaceAll(':', ' ')}`
}

function anchor(config, command) {
  return name(config, command).replaceAll(' ', '-')
}

function summary(config, command) {
  return render(config, command, command.summary ?? command.description?.split('\n')[0] ?? '')
}

function render(config, command, text) {
  return text
    ?.replaceAll(/<%= *config\.bin *%>/g, config.bin)
    .replaceAll(/<%= *command\.id *%>/g, command.id.replaceAll(':', ' '))
    .trim()
}
