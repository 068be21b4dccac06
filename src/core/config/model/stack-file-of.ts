import type {Json, JsonObject} from '../../base/json.js'
import type {NetworkDefinition, SecretSource, StackDefinition} from '../../contract/stack.js'
import {escapeTemplate} from '../template.js'
import {serviceEntry, taskEntry} from './entries.js'
import {present} from './spelling.js'

/**
 * A definition written as a stack file in the long spelling, with nothing left to fill in but references. Reading it again gives the same
 * definition, but for the folders of included files.
 */
export function stackFileOf({name, plugins, secrets, networks, services, tasks}: StackDefinition): JsonObject {
  return present({
    version: '1',
    name,
    plugins,
    secrets: secrets && mapped(secrets, secretEntry),
    networks: networks && mapped(networks, networkEntry),
    services: mapped(services, serviceEntry),
    tasks: Object.keys(tasks).length === 0 ? undefined : mapped(tasks, taskEntry),
  })
}

function mapped<Value>(values: Readonly<Record<string, Value>>, write: (value: Value) => JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, write(value)]))
}

function secretEntry(source: SecretSource): JsonObject {
  if ('command' in source) return {command: source.command.map(escapeTemplate)}
  return Object.fromEntries(
    Object.entries(source).map(([key, value]: readonly [string, string]) => [key, escapeTemplate(value)]),
  )
}

function networkEntry({type, subnet, nodes, configPath, interface: link}: NetworkDefinition): JsonObject {
  const written = nodes.map((node): Json =>
    present({
      name: node.name,
      host: node.host,
      address: node.address,
      ssh_user: node.sshUser,
      ssh_key: node.sshKey,
      ssh_port: node.sshPort,
      public_key: node.publicKey,
      endpoint: node.endpoint,
    }),
  )
  return present({
    type,
    subnet,
    config_path: configPath,
    interface: link,
    nodes: written.length === 0 ? undefined : written,
  })
}
