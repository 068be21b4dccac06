import type {Errors} from '../engine/problem.js'

/** Errors of a command, which is lent nothing: harness knows them by their code. */
export const commandErrors: Errors = {
  error(code, {reason = code, hint = '', cause}) {
    // The command reads its settings each time that it runs.
    const next = hint.replace(', and run `harness daemon restart`', '')
    const message = `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`
    return Object.assign(new Error(message, {cause}), {code, hint: next})
  },
}
