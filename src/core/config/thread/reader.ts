import {parentPort, workerData} from 'node:worker_threads'
import type {ErrorCode} from '../../base/error-table.js'
import {isHarnessError, type ErrorInfo} from '../../base/errors.js'
import {isJsonObject, type Json} from '../../base/json.js'
import type {StackDefinition} from '../../contract/stack.js'
import type {LoadOptions} from '../load-options.js'
import {loadStack} from '../load-stack.js'

/** What the thread is to read. */
export interface ThreadOrder extends Pick<LoadOptions, 'cwd' | 'env' | 'environment'> {
  readonly files: readonly [file: string]
}

/** What it says, as JSON. */
export type ThreadAnswer = {readonly definition: StackDefinition} | {readonly code: ErrorCode; readonly info: ErrorInfo}

const longestLine = 1000

parentPort?.postMessage(JSON.stringify(await answer(workerData as ThreadOrder)))

async function answer(order: ThreadOrder): Promise<ThreadAnswer> {
  try {
    const {definition} = await loadStack(order)
    return {definition}
  } catch (error) {
    if (!isHarnessError(error)) throw error
    const {code, subject, reason, hint, details} = error
    return {code, info: {subject, hint, ...(reason !== undefined && {reason}), ...boundedDetails(details)}}
  }
}

/** Hundreds of problems may stand in one line of a megabyte: such a line is not told with each of them. */
function boundedDetails(details: Json | undefined): Pick<ErrorInfo, 'details'> {
  if (details === undefined) return {}
  const given = isJsonObject(details) ? details['diagnostics'] : undefined
  if (!Array.isArray(given)) return {details}
  return {details: {...(details as object), diagnostics: (given as readonly Json[]).map(withShortLine)}}
}

function withShortLine(diagnostic: Json): Json {
  if (!isJsonObject(diagnostic)) return diagnostic
  const {source, ...rest} = diagnostic
  return typeof source === 'string' && source.length > longestLine ? rest : diagnostic
}
