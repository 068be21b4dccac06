import type {Json} from '../base/json.js'
import type {LogLine, LogPosition} from '../contract/log.js'
import type {RegisteredService, TopologyNetwork} from '../contract/registry.js'
import type {ProgressStep, ServiceStatus, TaskStatus} from '../contract/status.js'

/** What the daemon sends on its own, by method. Everything with an `id` belongs to that request. */
export interface Notifications {
  '$/progress': Progress
  '$/log': {
    readonly id: number
    readonly lines: readonly LogLine[]
    /** Where each stream begins: once, first. */
    readonly begin?: readonly LogPosition[]
  }
  '$/event': DaemonEvent
  '$/gap': EventGap
  '$/opened': {readonly channel: number}
  '$/output': {readonly channel: number; readonly stream: 'stderr' | 'stdout'; readonly data: string}
  '$/credit': Credit
}

/** What a client says in a channel. `data` is base64. */
export interface ClientNotifications {
  '$/input': {readonly channel: number; readonly data: string}
  '$/inputEnd': {readonly channel: number}
  '$/resize': {readonly channel: number; readonly cols: number; readonly rows: number}
  '$/signal': {readonly channel: number; readonly signal: string}
  '$/credit': Credit
}

interface Credit {
  readonly channel: number
  readonly bytes: number
}

/** First one `plan` that names everything the request touches, then a step for each move. */
export type Progress =
  | {
      /** The request that it belongs to. */
      readonly id: number
      /** Everything that the request touches, in order. */
      readonly plan: readonly PlannedStep[]
    }
  | {
      /** The request that it belongs to. */
      readonly id: number
      /** A move of one of them. */
      readonly step: ProgressStep
    }
  | {
      /** The request that it belongs to. */
      readonly id: number
      /** The task that says something. */
      readonly task: string
      /** In the form of its type. */
      readonly event: Json
    }
  | {
      /** The request that it belongs to. */
      readonly id: number
      /** The action that was invoked. */
      readonly action: string
      /** What it emits, in its own form. */
      readonly event: Json
    }
  | {
      /** The request that it belongs to. */
      readonly id: number
      /** The action that was invoked. */
      readonly action: string
      /** One line about how it gets on. */
      readonly message: string
    }

export interface PlannedStep {
  readonly kind: 'service' | 'task'
  readonly name: string
  readonly action: 'keep' | 'restart' | 'run' | 'start' | 'stop'
  /** Why this action, e.g. `asked for`, `needed by api`, `runs already`. */
  readonly cause: string
  /** Names it waits for. */
  readonly after: readonly string[]
  /** What it runs in, of a plan that was asked for: `ssh build@10.0.0.4 → docker exec db`. */
  readonly layers?: string
}

/** Events were left out because the client read too slowly. */
export interface EventGap {
  /** How many of those that the subscription is about. */
  readonly gap: number
  /** The number of the last of them. */
  readonly seq: number
}

/** Something that happened, by `topic`. */
export type DaemonEvent = {
  /** Rises by one per event within one epoch of the daemon. */
  readonly seq: number
  /** ISO 8601. */
  readonly time: string
} & EventBody

export type EventBody =
  | {
      readonly topic: 'service.state'
      readonly stack: string
      readonly service: string
      readonly from: string
      readonly to: string
      readonly event: string
      readonly status: ServiceStatus
    }
  | {readonly topic: 'task.state'; readonly stack: string; readonly task: string; readonly status: TaskStatus}
  | {readonly topic: 'task.event'; readonly stack: string; readonly task: string; readonly event: Json}
  /** What the type of a service makes of what the service prints, in the form of the type. */
  | {readonly topic: 'service.event'; readonly stack: string; readonly service: string; readonly event: Json}
  | {
      /** It became known, or something about it other than its state is not what it was. */
      readonly topic: 'service.registered' | 'service.updated'
      readonly stack: string
      readonly service: string
      readonly entry: RegisteredService
    }
  /** It is known no more. */
  | {readonly topic: 'service.unregistered'; readonly stack: string; readonly service: string}
  /** The networks of a stack are not what they were. */
  | {readonly topic: 'network.topology'; readonly stack: string; readonly networks: readonly TopologyNetwork[]}
  | {readonly topic: 'stack.forgotten' | 'stack.loaded'; readonly stack: string; readonly name: string}
