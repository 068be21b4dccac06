/** Why something could not be done with the packages of a machine. */
export class DeployProblem extends Error {
  readonly code = 'DEPLOY_FAILED'

  constructor(
    /** In words, without a full stop. */
    readonly reason: string,
    /** What to do next, a sentence. */
    readonly hint = 'See the reason; the version that was current still is.',
    cause?: unknown,
  ) {
    const what = `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`
    super(what, cause === undefined ? undefined : {cause})
  }
}
