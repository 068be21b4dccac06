import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {stringify} from 'yaml'

/** docs/config.md: the guide, and what the tables of the code say in the places of its comments. */
export async function configMarkdown(root, {tables, definitionOf, types, diagnostics}) {
  const guide = await readFile(path.join(root, 'scripts', 'generate', 'config-guide.md'), 'utf8')
  const parts = {
    reference: Object.entries(tables).flatMap(([map, table]) => section(definitionOf(map), table)),
    types: types.flatMap(typeSection),
    diagnostics: Object.entries(diagnostics).flatMap(([code, {meaning, repair}]) => [
      `### ${code}`,
      '',
      meaning,
      '',
      repair,
      '',
    ]),
  }
  const filled = guide.replaceAll(
    /<!-- (reference|types|diagnostics) -->\n/g,
    (_, part) => `${parts[part].join('\n').trimEnd()}\n`,
  )
  return filled.replace('<!-- contents -->', () => contents(filled))
}

function contents(text) {
  return [...text.matchAll(/^## (.+)$/gm)].map(([, title]) => `- [${title}](#${anchor(title)})`).join('\n')
}

/** As GitHub makes it. */
function anchor(title) {
  return title
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')
}

function section(name, {title, about, keys}) {
  return [
    `<a id="${name}"></a>`,
    '',
    `### ${title}`,
    '',
    about,
    '',
    '| key | value | default | meaning | example |',
    '|---|---|---|---|---|',
    ...Object.entries(keys).map(([key, entry]) => row(key, entry)),
    '',
  ]
}

function row(key, {description, value, default: otherwise, example, required}) {
  const cells = [
    `\`${key}\``,
    value.shown,
    required ? '**required**' : otherwise === undefined ? '' : inline(otherwise),
    description,
    inline(example),
  ]
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

/** A value as it would be written in one line of a stack file. */
function inline(value) {
  const text = stringify(value, {
    collectionStyle: 'flow',
    lineWidth: 0,
    flowCollectionPadding: false,
    singleQuote: true,
  })
  return `\`${text.trim()}\``
}

function typeSection({name, schema}) {
  return [
    `### ${name}`,
    '',
    schema.description,
    '',
    '| key | value | default | meaning |',
    '|---|---|---|---|',
    ...Object.entries(schema.properties).map(([key, property]) => {
      const needed = schema.required?.includes(key) ? '**required**' : ''
      const otherwise = property.default === undefined ? needed : inline(property.default)
      return `| \`${key}\` | ${kindOf(property)} | ${otherwise} | ${property.description} |`
    }),
    '',
  ]
}

function kindOf({type, items, enum: words}) {
  if (words) return words.map((word) => `\`${word}\``).join(', ')
  if (type === 'array') return `list of ${kindOf(items)}s`
  return (
    {string: 'text', integer: 'whole number', boolean: '`true` or `false`', object: 'map'}[type] ?? type ?? 'any value'
  )
}
