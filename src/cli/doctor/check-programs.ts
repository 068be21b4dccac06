import {runTool} from '../run-tool.js'
import {ok, warning, type Verdict} from './finding.js'

/** The engine that containers run on. */
export async function checkDocker(): Promise<readonly Verdict[]> {
  const {code, said, missing} = await runTool('docker', ['version', '--format', '{{.Server.Version}}'])
  if (missing)
    return [warning('not installed: services in containers cannot run', 'See https://docs.docker.com/engine/install')]
  if (code === 0) return [ok(`engine ${said}`)]
  if (/permission denied/i.test(said)) {
    return [warning('this user may not speak with the engine', 'sudo usermod -aG docker "$USER"  (then log in again)')]
  }
  return [warning(`the engine does not answer: ${said}`, 'sudo systemctl start docker')]
}

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
