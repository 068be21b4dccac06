import {access, constants} from 'node:fs/promises'
import type {Fingerprint} from '@service-harness/cli/plugin'

export const shell = '/bin/sh'

/** Is there a shell? Asked again and again, so it is cheap. */
export async function fingerprint(): Promise<Fingerprint> {
  const isThere = await access(shell, constants.X_OK).then(
    () => true,
    () => false,
  )
  return isThere
    ? {health: 'healthy', description: `${shell} runs scripts.`, attributes: {shell}}
    : {health: 'undetected', description: `There is no ${shell}.`, attributes: {}}
}
