import type * as Library from '@lydell/node-pty'
import {HarnessError, messageOf} from '../../base/errors.js'

type Terminals = Pick<typeof Library, 'spawn'>

/** The library that makes terminals: native code, so it may be missing. EXECUTOR_CANNOT says how to get it. */
export async function loadTerminals(
  load: () => Promise<Terminals> = () => import('@lydell/node-pty'),
): Promise<Terminals> {
  try {
    return await load()
  } catch (error) {
    const [reason = ''] = messageOf(error).split('\n')
    throw new HarnessError('EXECUTOR_CANNOT', {
      subject: 'process',
      reason: `a terminal needs the package @lydell/node-pty, which cannot be loaded: ${reason}`,
      hint: 'Install harness again with its optional dependencies (`npm install --include=optional`), or run the command with --no-tty.',
      cause: error,
    })
  }
}
