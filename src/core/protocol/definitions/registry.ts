import {
  array,
  boolean,
  count,
  described,
  enumOf,
  integer,
  name,
  nullable,
  object,
  optional,
  ref,
  string,
} from '../schema-parts.js'

const verification = {
  verified: described(
    'This daemon has seen for itself that it is so; else it is what was written down last',
    boolean(),
  ),
  checkedAt: described('When that was seen', nullable(ref('Time'))),
  reason: described('How it is known, or why it is not', string()),
}
const ready = {ready: described('Its service is there and ready to be used', boolean())}

const ofService = {stack: string(), stackName: name(), service: name()}

/** What the registry answers (contract/registry.ts). */
export const registryDefinitions = {
  RegisteredAttempt: object({
    attempt: count(),
    instance: described('The UUID that its workload carries', string()),
    executor: string(),
    startedAt: ref('Time'),
    current: boolean(),
  }),
  RegisteredService: object({
    stack: described("The stack's id", string()),
    stackName: name(),
    file: string(),
    service: name(),
    group: described('The service of the file that it is a replica of', name()),
    replica: described('From 1', count()),
    target: described('The kind of its executor', string()),
    serviceType: nullable(string()),
    network: described('The network that its stack file puts it in', nullable(name())),
    state: ref('ServiceState'),
    desired: enumOf('down', 'up'),
    alive: described('Its workload is there; null: that is not known', nullable(boolean())),
    ...ready,
    since: described('When it entered its state', ref('Time')),
    pid: nullable(integer()),
    container: nullable(string()),
    host: nullable(string()),
    endpoints: described(
      'As this machine reaches them; empty while nothing of it may be there',
      array(ref('EndpointStatus')),
    ),
    attempts: described('Oldest first', array(ref('RegisteredAttempt'))),
    orphan: described('It runs and is in the stack file no more', boolean()),
    ...verification,
  }),
  RegisteredEndpoint: object({
    stack: described("The stack's id", string()),
    stackName: name(),
    service: name(),
    name: string(),
    protocol: ref('EndpointProtocol'),
    host: string(),
    port: count(),
    containerPort: optional(count()),
    url: string(),
    ...ready,
    ...verification,
  }),
  Topology: object({
    hostname: string(),
    hosts: described('This machine first', array(ref('TopologyHost'))),
    networks: described('Of the stack files', array(ref('TopologyNetwork'))),
    executorNetworks: array(ref('TopologyExecutorNetwork')),
    problems: described(
      'Executors that could not say which networks they have',
      array(object({executor: string(), reason: string()})),
    ),
  }),
  TopologyHost: object({
    name: described('As networks call it', string()),
    here: described('It is this machine', boolean()),
    reachedBy: described('With what this machine reaches it', nullable(string())),
    nodes: described(
      'The nodes of stack files that it is; those of different stacks where they have the same host or address',
      array(object({stack: string(), stackName: name(), node: string()})),
    ),
    services: described(
      'What is, may be or is to be there',
      array(object({...ofService, alive: nullable(boolean()), ...ready})),
    ),
  }),
  TopologyNetwork: object({
    stack: string(),
    stackName: name(),
    name: name(),
    type: enumOf('lan', 'local', 'wireguard'),
    subnet: nullable(string()),
    interface: nullable(string()),
    members: described('This machine, where it takes part, and the nodes', array(ref('TopologyMember'))),
    services: described('Those that are put in it with `network`', array(name())),
  }),
  TopologyMember: object({
    node: string(),
    here: boolean(),
    address: described('Inside the network', nullable(string())),
    source: nullable(enumOf('declared', 'host', 'interface', 'leased')),
  }),
  TopologyExecutorNetwork: object({
    executor: string(),
    name: string(),
    subnet: nullable(string()),
    gateway: described('The address of its machine in it', nullable(string())),
    services: array(object({...ofService, address: described('By which the others there reach it', string())})),
  }),
  AddressView: object({
    here: described('This machine: the daemon and its user', boolean()),
    services: described('Other services of the stack', array(name())),
    host: described('null: there is no way', nullable(string())),
    network: described('The network that the way goes through, where it is one with a name', nullable(string())),
    reason: described('Why this way, or why there is none', string()),
    endpoints: array(ref('EndpointStatus')),
  }),
}
