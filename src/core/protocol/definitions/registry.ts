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
}
