import {choice, listOf, mapOf, matching, name, path, text, whole} from './shapes.js'
import type {MapTable} from './table.js'

const host = matching('^[A-Za-z0-9_:]([A-Za-z0-9_.:%-]*[A-Za-z0-9_:])?$', 'host')

export const networkTable: MapTable<'network'> = {
  title: 'A network',
  about: 'Hosts that reach each other. Services on different networks are told apart, and addressed, by it.',
  keys: {
    type: {
      description:
        '`local` is this machine, `lan` a network that it is part of, `wireguard` a private one over others.',
      value: choice(['local', 'lan', 'wireguard']),
      example: 'lan',
      required: true,
    },
    subnet: {
      description: 'Its addresses in CIDR notation, of IPv4 or IPv6. The first is left to this machine.',
      value: matching('^[0-9A-Fa-f.:]+/\\d{1,3}$', 'CIDR'),
      example: '192.168.1.0/24',
    },
    nodes: {
      description: 'The hosts that are part of it.',
      value: listOf(mapOf('node', 'nodes'), 'nodes'),
      default: [],
      example: [{name: 'worker-1', host: '192.168.1.100', ssh_user: 'ubuntu'}],
    },
    config_path: {
      description:
        'The configuration file of a wireguard network on this machine, which `harness network` reads and writes. Called as its interface is.',
      value: path,
      example: '/etc/wireguard/wg0.conf',
    },
    interface: {description: 'The interface of a wireguard network.', value: text, example: 'wg0'},
  },
}

export const nodeTable: MapTable<'node'> = {
  title: 'A node',
  about: 'One host of a network.',
  keys: {
    name: {description: 'What it is called in this network.', value: name, example: 'worker-1', required: true},
    host: {description: 'How this machine reaches it.', value: host, example: '192.168.1.100'},
    ssh_user: {description: 'Whom to log in as.', value: text, example: 'ubuntu'},
    ssh_key: {description: 'The file with the private key.', value: path, example: '~/.ssh/id_ed25519'},
    ssh_port: {description: 'Where its SSH server listens.', value: whole(1, 65_535), example: 2222},
    public_key: {
      description: 'Of a wireguard node: its public key.',
      value: text,
      example: 'xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=',
    },
    endpoint: {
      description: 'Of a wireguard node: where its wireguard listens.',
      value: text,
      example: 'wg.example.com:51820',
    },
    address: {
      description:
        'Its address inside the network. A node without one gets a free one of the subnet, which it keeps; in a `lan` its `host` does.',
      value: host,
      example: '10.0.0.2',
    },
  },
}
