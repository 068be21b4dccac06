import {visit, type Document, type ToStringOptions} from 'yaml'
import {escapeSigns, isPrintable} from '../../base/printable.js'

/** A document as text. What could steer a terminal stands there as an escape, which is the same value. Comments must be printable. */
export function yamlText(document: Document, options: ToStringOptions = {}): string {
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'string' && !isPrintable(node.value)) node.type = 'QUOTE_DOUBLE'
    },
  })
  return escapeSigns(document.toString({lineWidth: 0, flowCollectionPadding: false, ...options}))
}
