import type {JsonObject} from '@service-harness/cli/plugin'
import {commandError} from './command-error.js'

/** `--variables JSON`. */
export function parseVariables(text: string | undefined): JsonObject | undefined {
  if (text === undefined) return undefined
  const value = parsed(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject
  throw commandError('USAGE', {
    subject: '--variables',
    reason: 'expected an object in JSON',
    hint: `Write --variables '{"id": "0x01"}'.`,
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
