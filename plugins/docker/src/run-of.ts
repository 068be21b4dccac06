import type {ContainerInspectInfo} from 'dockerode'

/** One that its engine starts again and again does not run in between, whatever the engine says. */
export function isRunning({State}: Pick<ContainerInspectInfo, 'State'>): boolean {
  return State.Running && !State.Restarting
}

/** What runs, or ran last, is not the run that began at this time, in milliseconds since the epoch. */
export function isAnother({State}: Pick<ContainerInspectInfo, 'State'>, startedAt: number): boolean {
  return Date.parse(State.StartedAt) !== startedAt
}
