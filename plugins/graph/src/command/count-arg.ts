import * as Args from '@oclif/core/args'
import {commandError} from './command-error.js'

/** A whole number from 1. What oclif makes of it is told as a mistake of harness. */
export const countArg = Args.custom<number>({
  parse(given) {
    const count = Number(given)
    if (/^\d+$/.test(given) && count >= 1 && Number.isSafeInteger(count)) return Promise.resolve(count)
    throw commandError('USAGE', {
      subject: 'COUNT',
      reason: `expected a whole number of at least 1, not '${given}'`,
      hint: 'Write 10, for one.',
    })
  },
})
