import path from 'node:path'
import type {JsonObject} from '../../base/json.js'
import {given} from '../given.js'
import {literal} from '../literal.js'
import type {Part} from '../part.js'
import {bash, shellFields} from '../shell-line.js'

/** Who runs a script where nothing is said, by the ending of its name. */
const interpreters: Readonly<Record<string, string>> = {
  '.js': 'node',
  '.mjs': 'node',
  '.cjs': 'node',
  '.json': 'node',
  '.ts': 'bun',
  '.tsx': 'bun',
  '.jsx': 'bun',
  '.sh': 'bash',
  '.py': 'python3',
  '.rb': 'ruby',
  '.php': 'php',
  '.pl': 'perl',
  '.coffee': 'coffee',
  '.ls': 'lsc',
}

/** The program that an app is. */
export function readProgram(part: Part, script: string): JsonObject {
  const args = wordsOf(part, 'args')
  const options = [...wordsOf(part, 'interpreter_args'), ...wordsOf(part, 'node_args')]
  const interpreter = part.text('interpreter') ?? part.text('exec_interpreter') ?? interpreters[path.extname(script)]
  if (script.includes(' ') && args.length === 0 && part.value('interpreter') === undefined) {
    return shellFields(bash, literal(script))
  }
  if (interpreter === undefined || interpreter === 'none')
    return given({binary: literal(script), args: args.map(literal)})
  return {binary: literal(interpreter), args: [...options, script, ...args].map(literal)}
}

/** A list, or words with spaces between them. */
function wordsOf(part: Part, key: string): readonly string[] {
  const value = part.value(key)
  if (Array.isArray(value)) return part.texts(key)
  return (
    part
      .text(key)
      ?.match(/"[^"]*"|'[^']*'|\S+/g)
      ?.map((word) => word.replace(/^(["'])(.*)\1$/, '$2')) ?? []
  )
}
