import {commandError} from './command-error.js'
import type {GraphService} from './graph-stack.js'

/** The service of a type: the only one, or the one that is named. */
export function findService(services: readonly GraphService[], type: string, chosen?: string): string {
  const found = services.filter(({serviceType}) => serviceType === type).map(({service}) => service)
  if (chosen !== undefined && found.includes(chosen)) return chosen
  const [only, ...others] = found
  if (only === undefined) {
    throw commandError('SERVICE_UNKNOWN', {
      subject: type,
      reason: `the stack has no service of type ${type}`,
      hint: `Give one \`service_type: ${type}\` in the stack file; \`harness graph init\` writes such a file.`,
    })
  }
  if (chosen === undefined && others.length === 0) return only
  throw commandError('USAGE', {
    subject: chosen === undefined ? type : `--service ${chosen}`,
    reason:
      chosen === undefined
        ? `the stack has several services of this type: ${found.join(', ')}`
        : `the services of type ${type} are ${found.join(', ')}`,
    hint: `Write --service ${only}, for one.`,
  })
}
