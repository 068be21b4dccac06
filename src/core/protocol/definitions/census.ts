import {
  anyOf,
  array,
  boolean,
  count,
  described,
  enumOf,
  integer,
  name,
  nullable,
  object,
  ref,
  string,
} from '../schema-parts.js'

/** What the daemon believes beside what /proc shows (methods/census.ts). */
export const censusDefinitions = {
  CensusAttempt: object({
    stack: string(),
    kind: ref('UnitKind'),
    name: name(),
    state: anyOf(ref('ServiceState'), ref('TaskState')),
    desired: enumOf('down', 'up'),
    attempt: count(),
    instance: described('The value of HARNESS_INSTANCE in all of its processes', string()),
    executor: string(),
    runDirectory: nullable(string()),
    pid: nullable(integer()),
    shimPid: nullable(integer()),
    startTick: described('Clock ticks from boot to the start of the program', nullable(integer())),
    bootId: nullable(string()),
    alive: described('/proc shows exactly this program', boolean()),
  }),
  CensusStray: object({
    pid: integer(),
    startTick: integer(),
    instance: string(),
    program: described('At most 15 characters of its name', string()),
    of: nullable(object({stack: string(), name: string()})),
  }),
  CensusMismatch: object({
    kind: enumOf('duplicate', 'missing', 'stray'),
    pid: integer(),
    message: string(),
  }),
  DaemonCensus: object({
    bootId: string(),
    attempts: array(ref('CensusAttempt')),
    strays: described('Live processes of attempts that the daemon does not believe to run', array(ref('CensusStray'))),
    mismatches: described('Seen twice, half a second apart', array(ref('CensusMismatch'))),
  }),
}
