/** Labels by which everything that harness makes in the engine is known. */
export const labels = {
  stack: 'harness.stack',
  service: 'harness.service',
  attempt: 'harness.attempt',
  instance: 'harness.instance',
  /** The run directory of the attempt: where it is gone, nobody looks after the container any more. */
  run: 'harness.run',
  /** The name of the machine that the run directory is on: others may use the same engine. */
  machine: 'harness.machine',
  network: 'harness.network',
} as const
