import type {Arguments, Tool} from './tool.js'

/** REQUEST_INVALID for what the tool does not take: an agent that has misspelt something must hear of it. Values are for the daemon to check. */
export function checkArguments({name, inputSchema}: Pick<Tool, 'inputSchema' | 'name'>, args: Arguments): void {
  const {properties = {}, required = []} = inputSchema
  const expected = Object.keys(properties).join(', ') || 'nothing'
  for (const key of Object.keys(args)) {
    if (!(key in properties)) throw refused(name, `it takes no '${key}': expected ${expected}`)
  }
  for (const key of required) if (!(key in args)) throw refused(name, `'${key}' is missing`)
}

/** An error of the form that those of harness have. */
export function refused(subject: string, reason: string): Error {
  const error = new Error(`The request '${subject}' is not valid: ${reason}.`)
  return Object.assign(error, {code: 'REQUEST_INVALID', hint: 'See the input schema of the tool.'})
}
