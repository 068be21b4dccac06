import type {PluginServices} from '@service-harness/cli/plugin'
import type {SshLayerSpec} from './layer-spec.js'

/**
 * Nobody is there to be asked, and a key that is not known is refused. The connection is the command's own: one that is shared would outlive it, and what
 * the configuration wants to be forwarded is for people who log in. A link that is dead is noticed within 45 seconds.
 */
const always = [
  'BatchMode=yes',
  'StrictHostKeyChecking=yes',
  'ControlMaster=no',
  'ControlPath=none',
  'ClearAllForwardings=yes',
  'ForwardX11=no',
  'PermitLocalCommand=no',
  'RemoteCommand=none',
  'RequestTTY=no',
  'ConnectTimeout=10',
  'ServerAliveInterval=15',
  'ServerAliveCountMax=3',
  'LogLevel=ERROR',
]

/** All arguments of `ssh` but the command for the other side. */
export function clientArguments(spec: SshLayerSpec, shell: PluginServices['shell']): readonly string[] {
  const {host, user, port, jump} = spec
  return [
    '-T',
    ...options(always),
    ...files(spec),
    ...(jump === undefined ? [] : options([`ProxyCommand=${proxy(jump, spec, shell)}`])),
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    '--',
    host,
  ]
}

/** `build@10.0.0.4:2222`, for people. */
export function namedHost({host, user, port, jump}: SshLayerSpec): string {
  const shown = port === undefined ? host : host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
  return `${user === undefined ? '' : `${user}@`}${shown}${jump === undefined ? '' : ` by ${jump}`}`
}

/** As `-J`, which would ask people about the key of the machine in between. OpenSSH puts an `exec` before it. */
function proxy(jump: string, spec: SshLayerSpec, shell: PluginServices['shell']): string {
  const [, user, name = '', port] = /^(?:([^@]*)@)?(.*?)(?::(\d+))?$/.exec(jump) ?? []
  const words = [
    'ssh',
    '-T',
    ...options(always),
    ...files(spec),
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', port]),
  ]
  const quoted = words.map((word) => shell.quote(word).replaceAll('%', '%%'))
  return [...quoted, '-W', "'[%h]:%p'", '--', shell.quote(name.replace(/^\[(.*)\]$/, '$1'))].join(' ')
}

function files({key, config}: SshLayerSpec): readonly string[] {
  return [...(config === undefined ? [] : ['-F', config]), ...(key === undefined ? [] : ['-i', key])]
}

function options(all: readonly string[]): readonly string[] {
  return all.flatMap((option) => ['-o', option])
}
