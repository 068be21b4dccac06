import {homedir, userInfo} from 'node:os'
import path from 'node:path'
import {configLinesFor, ConfigProblem, type ConfigLine} from './config-file.js'
import {expandFile, type Tokens} from './expand-file.js'
import {checkHostFields, jumpList, parseJump, type HostFields} from './host-fields.js'
import {oneLine, type Errors} from '../problem.js'

/** All that is needed to reach a machine and to know it. */
export interface Address {
  /** As it was named. */
  readonly alias: string
  readonly host: string
  readonly port: number
  readonly user: string
  /** Hosts on the way, the first one first. `undefined` for the first of them: its own configuration says. */
  readonly jumps: readonly HostFields[]
  /** Files of keys, in the order in which they are tried. */
  readonly identities: readonly Identity[]
  /** No other key of the agent than these is tried. */
  readonly identitiesOnly: boolean
  /** The socket of the agent. */
  readonly agent?: string
  readonly passphrase?: string
  /** Where keys of hosts are looked up; what is trusted is written into the first of the user's. */
  readonly knownHosts: {readonly user: readonly string[]; readonly system: readonly string[]}
  /** By which it is looked up there, instead of host and port. */
  readonly hostKeyAlias?: string
  readonly hashKnownHosts: boolean
  readonly connectTimeoutMs: number
  /** What the one who trusts its key types. */
  readonly trustCommand: string
}

export interface Identity {
  readonly file: string
  /** Somebody has named it: it is said when it is not there. */
  readonly isNamed: boolean
}

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly debug?: (message: string) => void
}

const usualKeys = ['id_rsa', 'id_ecdsa', 'id_ecdsa_sk', 'id_ed25519', 'id_ed25519_sk']
const usualTimeoutSeconds = 15

/** What the fields, then the user's configuration, then that of the machine say. Opens nothing. */
export async function resolveAddress(errors: Errors, fields: HostFields, {env, debug}: Surroundings): Promise<Address> {
  const problem = checkHostFields(fields)
  if (problem) {
    const {field, reason} = problem
    throw errors.error('SSH_ADDRESS_INVALID', {
      subject: field,
      reason,
      hint: 'Correct the field of the target or layer, and try again.',
    })
  }
  const host = fields.host.replace(/^\[(.*)\]$/s, '$1')
  try {
    return addressOf({...fields, host}, await settingsFor(host, env, debug), env)
  } catch (error) {
    if (!(error instanceof ConfigProblem)) throw error
    throw errors.error('SSH_CONFIG_INVALID', {subject: error.at, reason: oneLine(error.message)})
  }
}

type Settings = ReadonlyMap<string, readonly ConfigLine[]>

async function settingsFor(host: string, env: Surroundings['env'], debug: Surroundings['debug']): Promise<Settings> {
  const home = homedir()
  const named = env['HARNESS_SSH_CONFIG']
  const user = {home, folder: path.join(home, '.ssh')}
  const lines = named
    ? await configLinesFor(path.resolve(named), host, user, debug)
    : [
        ...(await configLinesFor(path.join(user.folder, 'config'), host, user, debug)),
        ...(await configLinesFor('/etc/ssh/ssh_config', host, {home, folder: '/etc/ssh'}, debug)),
      ]
  const settings = new Map<string, ConfigLine[]>()
  for (const line of lines) settings.set(line.key, [...(settings.get(line.key) ?? []), line])
  return settings
}

function addressOf(fields: HostFields, settings: Settings, env: Surroundings['env']): Address {
  const first = (key: string): string | undefined => settings.get(key)?.[0]?.values[0]
  const port = fields.port ?? numberIn(settings.get('port')?.[0], 65_535) ?? 22
  const user = fields.user ?? first('user') ?? userInfo().username
  const host = expandFile(first('hostname') ?? '%h', {h: fields.host, '%': '%'}, env)
  checkWhatIsConfigured(host, user, settings)
  const alias = first('hostkeyalias')
  const tokens: Tokens = {
    ...{'%': '%', d: homedir(), h: host, n: fields.host, p: String(port), r: user, u: userInfo().username},
    ...{k: alias ?? fields.host},
  }
  const expand = (file: string): string => expandFile(file, tokens, env)
  const socket = agentSocket(first('identityagent'), expand, env)
  return {
    ...{alias: fields.host, host, port, user},
    jumps: jumpsOf(fields, settings),
    identities: identitiesOf(fields, settings, expand),
    identitiesOnly: fields.key !== undefined || isYes(first('identitiesonly')),
    knownHosts: knownHostsOf(settings, expand),
    ...withoutMissing({agent: socket, passphrase: fields.passphrase, hostKeyAlias: alias}),
    hashKnownHosts: isYes(first('hashknownhosts')),
    connectTimeoutMs: 1000 * (numberIn(settings.get('connecttimeout')?.[0], 3600) ?? usualTimeoutSeconds),
    trustCommand: trustCommand(fields),
  }
}

function withoutMissing<Key extends string>(values: Record<Key, string | undefined>): Partial<Record<Key, string>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<
    Record<Key, string>
  >
}

function isYes(value: string | undefined): boolean {
  return value?.toLowerCase() === 'yes'
}

function knownHostsOf(settings: Settings, expand: (file: string) => string): Address['knownHosts'] {
  const files = (key: string, usual: readonly string[]): readonly string[] =>
    (settings.get(key)?.[0]?.values ?? usual).filter((file) => file.toLowerCase() !== 'none').map(expand)
  return {
    user: files('userknownhostsfile', ['~/.ssh/known_hosts', '~/.ssh/known_hosts2']),
    system: files('globalknownhostsfile', ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2']),
  }
}

/** What a configuration makes of a host is checked like what a stack file says. */
function checkWhatIsConfigured(host: string, user: string, settings: Settings): void {
  const problem = checkHostFields({host, user})
  const at = settings.get(problem?.field === 'host' ? 'hostname' : 'user')?.[0]?.at
  if (problem) throw new ConfigProblem(at ?? 'ssh_config', problem.reason)
  const [command] = settings.get('proxycommand') ?? []
  if (command && command.values[0]?.toLowerCase() !== 'none' && !settings.has('proxyjump'))
    throw new ConfigProblem(command.at, "harness runs no 'ProxyCommand'; say 'ProxyJump', or 'ProxyCommand none'")
}

function identitiesOf({key}: HostFields, settings: Settings, expand: (file: string) => string): readonly Identity[] {
  if (key !== undefined) return [{file: expand(key), isNamed: true}]
  const named = settings.get('identityfile')
  if (!named) return usualKeys.map((name) => ({file: expand(`~/.ssh/${name}`), isNamed: false}))
  const files = named.map(({values}) => values[0] ?? '').filter((file) => file.toLowerCase() !== 'none')
  return [...new Set(files.map(expand))].map((file) => ({file, isNamed: true}))
}

function jumpsOf(fields: HostFields, settings: Settings): readonly HostFields[] {
  const said = jumpList(fields.jump)
  if (said) return said.map(parseJump)
  const [line] = settings.get('proxyjump') ?? []
  const jump = line?.values.join(',')
  const problem = jump === undefined ? undefined : checkHostFields({host: fields.host, jump})
  if (line && problem) throw new ConfigProblem(line.at, problem.reason)
  return (jumpList(jump) ?? []).map(parseJump)
}

function agentSocket(
  said: string | undefined,
  expand: (file: string) => string,
  env: Surroundings['env'],
): string | undefined {
  if (said?.toLowerCase() === 'none') return undefined
  const [, variable] = said === undefined ? ['', 'SSH_AUTH_SOCK'] : (/^\$?(SSH_AUTH_SOCK|(?<=\$)\w+)$/.exec(said) ?? [])
  const socket = variable === undefined ? expand(said ?? '') : env[variable]
  return socket === '' ? undefined : socket
}

function numberIn(line: ConfigLine | undefined, most: number): number | undefined {
  const text = line?.values[0]
  if (line === undefined || text === undefined || text.toLowerCase() === 'none') return undefined
  if (/^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= most) return Number(text)
  throw new ConfigProblem(line.at, `a number from 1 to ${most} is expected`)
}

function trustCommand({host, port, jump}: HostFields): string {
  const flags = [
    ...(port === undefined ? [] : [`--port ${port}`]),
    ...(jump === undefined ? [] : [`--jump ${(typeof jump === 'string' ? [jump] : jump).join(',')}`]),
  ]
  return ['harness ssh trust', host, ...flags].join(' ')
}
