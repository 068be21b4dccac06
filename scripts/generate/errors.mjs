const families = {
  1: 'a mistake of harness itself',
  2: 'how the command was used',
  3: 'the stack file',
  4: 'a service or a task',
  5: 'an executor, or this machine',
  6: 'a plugin',
  7: 'the connection to the daemon',
  75: 'another owner of the state directory',
  130: 'an interruption',
}

/** docs/errors.md: every code of the table, by exit code. */
export function errorsMarkdown(table) {
  const exits = [...new Set(Object.values(table).map(({exit}) => exit))].sort((a, b) => a - b)
  return [
    '# Errors',
    '',
    '<!-- Generated from src/core/base/error-table.ts by `npm run generate`. -->',
    '',
    'Every error has a code, says what failed and why, and what to do next. The exit code of the command tells its family.',
    '',
    '| exit code | what it is about |',
    '|---|---|',
    '| 0 | nothing failed |',
    ...exits.map((exit) => `| [${exit}](#exit-code-${exit}) | ${family(exit)} |`),
    ...exits.flatMap((exit) => section(exit, table)),
  ].join('\n')
}

function section(exit, table) {
  const rows = Object.entries(table)
    .filter(([, kind]) => kind.exit === exit)
    .map(([code, {what, hint}]) => `| \`${code}\` | ${form(what)} | ${form(hint)} |`)
  return [
    '',
    `## Exit code ${exit}`,
    '',
    `About ${family(exit)}.`,
    '',
    '| code | message | what to do |',
    '|---|---|---|',
    ...rows,
  ]
}

function family(exit) {
  const meaning = families[exit]
  if (!meaning) throw new Error(`exit code ${exit} has no description in scripts/generate/errors.mjs`)
  return meaning
}

/** What stands for the thing it happened to is shown as such. */
function form(text) {
  return text.replaceAll('{subject}', '…').replaceAll('|', '\\|')
}
