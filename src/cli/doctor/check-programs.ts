import {runTool} from '../run-tool.js'
import {ok, warning, type Verdict} from './finding.js'

/** What remote services are reached with. */
export async function checkSsh(): Promise<readonly Verdict[]> {
  const {code, said, missing} = await runTool('ssh', ['-V'])
  if (missing)
    return [
      warning("the program 'ssh' is missing: keys and hosts cannot be tried by hand", 'apt-get install openssh-client'),
    ]
  if (code !== 0) return [warning(`ssh -V failed: ${said}`)]
  return [ok(`${said}, ${process.env['SSH_AUTH_SOCK'] ? 'with an agent' : 'without an agent'}`)]
}
