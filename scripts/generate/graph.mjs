// docs/graph/reference.md: what the types of plugins/graph take and give, from their schemas.

/** What the plugin is lent while it is only looked at. */
const services = {
  log: {debug() {}, info() {}, warn() {}},
  stateDir: '/nowhere',
  error: (code, {reason}) => new Error(`${code}: ${reason}`),
}

/** @param register the hook of the plugin */
export async function graphMarkdown(register) {
  const {serviceTypes, taskTypes} = await register(services)
  const parts = [
    '# The Graph: services and tasks',
    'Made from the schemas by `npm run generate`; the same is in `harness types NAME` and `harness action list SERVICE`. A `?` marks what may be left out. What each of them is for: [README.md](README.md).',
    contents(serviceTypes, taskTypes),
    ...serviceTypes.flatMap(serviceType),
    ...taskTypes.flatMap(taskType),
  ]
  return `${parts.filter(Boolean).join('\n\n')}\n`
}

function contents(serviceTypes, taskTypes) {
  const line =
    (sort) =>
    ({type, summary}) =>
      `- [\`${sort}: ${type}\`](#${sort}-${type}): ${summary}`
  return [...serviceTypes.map(line('service_type')), ...taskTypes.map(line('task_type'))].join('\n')
}

function serviceType({type, summary, configSchema, defaults, actions = {}, event}) {
  const {ports = []} = defaults({}, {name: type})
  const names = Object.keys(actions)
  return [
    `<a id="service_type-${type}"></a>`,
    `## \`service_type: ${type}\``,
    summary,
    '### Config',
    shape(configSchema, 'The type takes none.'),
    `Ports: ${ports.map(({name, port, protocol}) => `\`${name}\` ${port} (${protocol})`).join(', ')}.`,
    ...(event ? ['### Events', 'Heard as `service.event`, from what it prints.', shape(event)] : []),
    ...(names.length === 0 ? [] : ['### Actions', names.map((name) => `[\`${name}\`](#${type}-${name})`).join(', ')]),
    ...Object.entries(actions).flatMap(([name, action]) => actionText(type, name, action)),
  ]
}

function actionText(type, name, {summary, input, output, event}) {
  return [
    `<a id="${type}-${name}"></a>`,
    `#### ${type}: \`${name}\``,
    summary,
    'Takes:',
    shape(input, 'Nothing.'),
    'Answers:',
    shape(output, 'Nothing.'),
    ...(event ? ['Tells meanwhile:', shape(event)] : []),
  ]
}

function taskType({type, summary, input, output, event}) {
  return [
    `<a id="task_type-${type}"></a>`,
    `## \`task_type: ${type}\``,
    summary,
    '### Action',
    shape(input),
    '### Outputs',
    shape(output, 'None.'),
    ...(event ? ['### Events', 'Heard as `task.event`.', shape(event)] : []),
  ]
}

/** An object as a table, anything else in one line. Fields of objects inside stand below them, with dots. */
function shape(schema, nothing = 'Nothing.') {
  const variants = schema.oneOf ?? schema.anyOf
  if (variants && !schema.properties) {
    const head = schema.description ? [schema.description] : []
    return [...head, ...variants.map((variant) => shape(variant))].join('\n\n')
  }
  if (schema.type !== 'object' || !schema.properties)
    return `${typeOf(schema)}${schema.description ? `: ${schema.description}` : ''}`
  const rows = rowsOf(schema)
  if (rows.length === 0) return nothing
  const hasDefaults = rows.some((row) => row[2] !== '')
  const columns = hasDefaults ? ['field', 'type', 'default', 'meaning'] : ['field', 'type', 'meaning']
  const cells = rows.map(([field, type, usual, meaning]) =>
    hasDefaults ? [field, type, usual, meaning] : [field, type, meaning],
  )
  return [columns, columns.map(() => '---'), ...cells].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

function rowsOf({properties = {}, required = []}, prefix = '') {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const field = `${prefix}${name}`
    const usual = 'default' in schema ? code(JSON.stringify(schema.default)) : ''
    const row = [
      code(`${field}${required.includes(name) ? '' : '?'}`),
      code(typeOf(schema)),
      usual,
      (schema.description ?? '').replaceAll('|', '\\|'),
    ]
    const inside = objectIn(schema)
    return [row, ...(inside ? rowsOf(inside, `${field}${schema.type === 'array' ? '[]' : ''}.`) : [])]
  })
}

/** The object whose fields belong below a field: its own, that of its items, or the one that it may be. */
function objectIn(schema) {
  const inner = schema.type === 'array' ? schema.items : schema
  const variants = inner?.oneOf ?? inner?.anyOf
  const found = variants ? variants.filter(({properties}) => properties) : [inner].filter((each) => each?.properties)
  return found.length === 1 ? found[0] : undefined
}

function typeOf(schema) {
  if ('const' in schema) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  const variants = schema.oneOf ?? schema.anyOf
  if (variants) return variants.map(typeOf).join(' | ')
  if (Array.isArray(schema.type)) return schema.type.join(' | ')
  if (schema.type === 'array') return `${schema.items ? typeOf(schema.items) : 'any'}[]`
  if (schema.type === 'object' && schema.additionalProperties?.type)
    return `{NAME: ${typeOf(schema.additionalProperties)}}`
  return schema.type ?? 'any'
}

function code(text) {
  return text === '' ? '' : `\`${text.replaceAll('|', '\\|')}\``
}
