import {Document, isMap, isPair, isScalar, isSeq, type Node, type Pair} from 'yaml'
import type {JsonObject} from '../../base/json.js'
import {printable} from '../../base/printable.js'
import type {ModelPath, Origin} from './origins.js'
import {yamlText} from './yaml-text.js'

/** The model as YAML; with `originOf` each value has a comment that says where it comes from. Loads the YAML writer. */
export function writeModel(model: JsonObject, originOf?: (path: ModelPath) => Origin | undefined): string {
  const document = new Document(model, {version: '1.2', aliasDuplicateObjects: false})
  if (originOf && isMap(document.contents)) annotate(document.contents, [], originOf)
  return yamlText(document)
}

type OriginOf = (path: ModelPath) => Origin | undefined

function annotate(node: Node, path: ModelPath, originOf: OriginOf): void {
  if (isMap(node)) {
    for (const pair of node.items) {
      if (isPair(pair) && isScalar(pair.key))
        annotateValue(pair as Pair<unknown, Node | null>, [...path, String(pair.key.value)], originOf)
    }
  }
  if (isSeq(node))
    node.items.forEach((item, index) => {
      annotateItem(item as Node, [...path, index], originOf)
    })
}

function annotateValue({value}: Pair<unknown, Node | null>, path: ModelPath, originOf: OriginOf): void {
  if (value === null) return
  if (isScalar(value)) value.comment = commentOf(originOf(path))
  else annotate(value, path, originOf)
}

function annotateItem(item: Node, path: ModelPath, originOf: OriginOf): void {
  if (isScalar(item)) item.comment = commentOf(originOf(path))
  else annotate(item, path, originOf)
}

/** A comment is one line, whatever stands in the file. */
function commentOf(origin: Origin | undefined): string {
  if (origin === undefined) return ' default'
  const {file, line, column, written} = origin
  const from = written === undefined ? '' : ` ${written}`
  return printable(` ${file}:${line}:${column}${from}`).slice(0, 160)
}
