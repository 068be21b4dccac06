import {Document, isMap, isPair, isScalar, isSeq, type Scalar} from 'yaml'
import type {JsonObject} from '../base/json.js'
import {printable} from '../base/printable.js'
import {yamlText} from '../config/model/yaml-text.js'
import type {Converted, Note} from './converted.js'

/** The stack file, with a comment for each note. */
export function writeStack({top, services, tasks, notes}: Converted, {from}: {readonly from: string}): string {
  const entries: JsonObject = {...top, ...sectionOf('services', services), ...sectionOf('tasks', tasks)}
  const document = new Document(entries, {aliasDuplicateObjects: false})
  const about = new Map<string, Note[]>()
  for (const note of notes) {
    const owner = note.about ?? ''
    about.set(owner, [...(about.get(owner) ?? []), note])
  }
  document.commentBefore = [` From ${printable(from)}, by \`harness import\`.`, ...linesOf(about.get('') ?? [])].join(
    '\n',
  )
  const {contents} = document
  if (isMap(contents)) for (const [index, pair] of contents.items.entries()) styleSection(pair, index, about)
  return yamlText(document, {singleQuote: true})
}

function sectionOf(key: string, entries: Converted['services']): JsonObject {
  return Object.keys(entries).length === 0 ? {} : {[key]: entries}
}

type Comments = ReadonlyMap<string, readonly Note[]>

function styleSection({key, value}: {key: unknown; value: unknown}, index: number, about: Comments): void {
  const isSection = isScalar(key) && (key.value === 'services' || key.value === 'tasks')
  if (isSection && index > 0) key.spaceBefore = true
  if (!isSection || !isMap(value)) {
    styleShort(value)
    return
  }
  for (const [at, entry] of value.items.entries()) {
    if (isScalar(entry.key)) comment(entry.key, at, about)
    if (isMap(entry.value)) for (const field of entry.value.items) styleShort(field.value)
  }
}

function comment(key: Scalar, index: number, about: Comments): void {
  const lines = linesOf(about.get(String(key.value)) ?? [])
  if (lines.length > 0) key.commentBefore = lines.join('\n')
  if (index > 0) key.spaceBefore = true
}

/** Texts from elsewhere: a line break in one must not end the comment. */
function linesOf(notes: readonly Note[]): readonly string[] {
  return notes.map(({path, message}) => ` ${printable(path)} ${printable(message)}.`)
}

/** Lists and maps of a few words stand on one line. */
function styleShort(node: unknown): void {
  if (!isMap(node) && !isSeq(node)) return
  const json = JSON.stringify(node)
  const isShort = json.length < (isMap(node) ? 90 : 110) && !json.includes('\\n')
  if (isShort) node.flow = true
  else for (const item of node.items) styleShort(isPair(item) ? item.value : item)
}
