import {HarnessError} from '../base/errors.js'
import type {Diagnostic} from '../contract/diagnostic.js'
import {toJson} from '../service/record.js'

/** CONFIG_INVALID, with all of them as `diagnostics`. The errors among them are its reason. */
export function invalidStack(file: string, diagnostics: readonly Diagnostic[]): HarnessError {
  const errors = diagnostics.filter(({severity}) => severity === 'error')
  return new HarnessError('CONFIG_INVALID', {
    subject: file,
    reason: errors.map(({message}) => message.replace(/\.$/, '')).join('; '),
    details: {diagnostics: toJson(diagnostics)},
  })
}
