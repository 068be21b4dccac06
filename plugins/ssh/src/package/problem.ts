import type {PluginServices} from '@service-harness/cli/plugin'

/** Why a package cannot be made or used. harness knows it by its code; see `asServiceProblem` for what becomes of it in a start. */
export class PackageProblem extends Error {
  readonly code = 'PACKAGE_INVALID'

  constructor(
    /** The package or its file. */
    readonly subject: string,
    /** In words, without a full stop. */
    readonly reason: string,
    /** What to do next, a sentence. */
    readonly hint: string,
    cause?: unknown,
  ) {
    super(`Package '${subject}' cannot be used: ${reason}.`, cause === undefined ? undefined : {cause})
  }
}

/** The same, about the service that was to run it. What is no problem of a package is handed on. */
export function asServiceProblem(error: unknown, service: string, services: Pick<PluginServices, 'error'>): unknown {
  if (!(error instanceof PackageProblem)) return error
  const {subject, reason, hint} = error
  return services.error('SERVICE_START_FAILED', {
    subject: service,
    reason: `its package '${subject}' cannot be used: ${reason}`,
    hint,
    cause: error,
  })
}

/** The text of anything thrown. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\.$/, '') : String(error)
}
