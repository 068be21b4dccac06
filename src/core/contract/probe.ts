/** When and how often a probe runs, and how many results in a row count. Times in milliseconds. */
export interface ProbeTiming {
  /** Between probes once the service has been ready. */
  readonly intervalMs: number
  /** Between probes until the first success. */
  readonly startIntervalMs: number
  /** Failures this soon after the start are not counted by liveness. */
  readonly startPeriodMs: number
  /** One probe may take this long. */
  readonly timeoutMs: number
  /** Successes in a row that make it healthy. */
  readonly successThreshold: number
  /** Failures in a row that make a Running service Unhealthy; for liveness: that restart it. */
  readonly failureThreshold: number
}

export type ProbeCheck =
  | {
      readonly kind: 'http'
      readonly url: string
      readonly method: string
      readonly headers: Readonly<Record<string, string>>
      /** `200`, `200-299`, or several with commas. */
      readonly expectedStatus: string
      /** Text that the body must contain. */
      readonly expectedBody?: string
    }
  | {
      readonly kind: 'tcp'
      readonly host: string
      /** A reference until the service starts. */
      readonly port: number | string
    }
  | {
      readonly kind: 'command'
      readonly program: string
      readonly args: readonly string[]
      /** `service`: where the service runs (in its container, over SSH). `host`: beside the daemon. */
      readonly on: 'host' | 'service'
    }
  /** A line that the service prints. Once it has come, it holds for the rest of the attempt. */
  | {
      readonly kind: 'log'
      /** A regular expression (unicode mode). Its named groups become outputs of the service. */
      readonly pattern: string
    }
  /** Every one of them, or at least one. Asked at the same time. */
  | {readonly kind: 'all' | 'any'; readonly checks: readonly ProbeCheck[]}

/** A health check: readiness, or liveness, of a service. */
export interface Probe extends ProbeTiming {
  readonly check: ProbeCheck
}
