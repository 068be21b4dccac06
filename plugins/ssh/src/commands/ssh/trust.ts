import {createInterface} from 'node:readline/promises'
import * as Args from '@oclif/core/args'
import {Command} from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import {tilde} from '../../address/expand-file.js'
import {resolveAddress} from '../../address/resolve-address.js'
import {commandServices} from '../../command-services.js'
import {HostPool} from '../../host/host-pool.js'
import {shownKey} from '../../keys/shown-key.js'
import {trustHost, type Trusted} from '../../keys/trust-host.js'

export default class SshTrust extends Command {
  static override summary = 'Trust the key of a host from now on.'
  static override description =
    'Asks the host for its key, shows its fingerprint, and writes it into known_hosts, where OpenSSH finds it too. Compare the fingerprint with what the host says of itself: `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub`, there.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> build.example.org',
    '<%= config.bin %> <%= command.id %> build.example.org --port 2222 --fingerprint SHA256:…',
  ]
  static override args = {
    host: Args.string({required: true, description: 'A name, an address, or a Host of ~/.ssh/config.'}),
  }
  static override flags = {
    port: Flags.integer({summary: 'The port of its sshd, where ~/.ssh/config does not say it.', min: 1, max: 65_535}),
    jump: Flags.string({summary: 'Hosts on the way, [user@]host[:port], with commas between them.'}),
    fingerprint: Flags.string({summary: 'What is expected: another key is refused, and nobody is asked.'}),
    yes: Flags.boolean({char: 'y', default: false, summary: 'Ask nobody.'}),
    replace: Flags.boolean({default: false, summary: 'Also when another key was trusted, which is forgotten then.'}),
    json: Flags.boolean({default: false, summary: 'Print JSON.'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(SshTrust)
    const {host} = args
    const {port, jump, fingerprint, yes, replace, json} = flags
    const fields = {host, ...(port !== undefined && {port}), ...(jump !== undefined && {jump})}
    const address = await resolveAddress(commandServices, fields, {env: process.env})
    const signal = new AbortController().signal
    await using pool = new HostPool(commandServices)
    const way = await pool.way(address, signal)
    const key = await shownKey(commandServices, address, {signal, ...(way && {through: way})})
    const trusted = await trustHost(commandServices, address, key, {
      isReplacing: replace,
      confirm: (shown) => confirm(shown, {fingerprint, yes}),
    })
    this.log(json ? JSON.stringify(trusted, null, 2) : lineOf(trusted))
  }
}

interface Shown {
  readonly host: string
  readonly type: string
  readonly fingerprint: string
}

async function confirm(
  shown: Shown,
  {fingerprint, yes}: {readonly fingerprint: string | undefined; readonly yes: boolean},
) {
  if (fingerprint !== undefined && fingerprint !== shown.fingerprint)
    throw commandServices.error('SSH_HOST_UNKNOWN', {
      subject: shown.host,
      reason: `it shows ${shown.type} ${shown.fingerprint}, where ${fingerprint} is expected`,
      hint: 'Nothing was changed. Somebody may be in between.',
    })
  if (fingerprint !== undefined || yes) return
  if (!process.stdin.isTTY)
    throw commandServices.error('USAGE', {
      subject: 'harness ssh trust',
      reason: `${shown.host} shows ${shown.type} ${shown.fingerprint}, and there is nobody to ask`,
      hint: `Add --fingerprint ${shown.fingerprint} once it is compared, or --yes.`,
    })
  process.stderr.write(`${shown.host} shows ${shown.type} ${shown.fingerprint}\n`)
  const prompt = createInterface({input: process.stdin, output: process.stderr})
  const answer = await prompt.question('Is that its key? (y/n) ').finally(() => {
    prompt.close()
  })
  if (!/^y(es)?$/i.test(answer.trim()))
    throw commandServices.error('CANCELLED', {
      subject: 'harness ssh trust',
      reason: 'nothing was changed',
      hint: 'Nothing was changed.',
    })
}

function lineOf({host, type, fingerprint, isNew, file}: Trusted): string {
  const key = `${type} ${fingerprint}`
  return isNew ? `Trusts ${host}: ${key} (${tilde(file ?? '')})` : `${host} is trusted already: ${key}`
}
