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

/** One question to a service. Templates inside. */
export type ProbeCheck =
  | {
      /** An answer to a request. */
      readonly kind: 'http'
      /** `http:` or `https:`. */
      readonly url: string
      /** `GET`, `HEAD`, … */
      readonly method: string
      /** To be sent. */
      readonly headers: Readonly<Record<string, string>>
      /** `200`, `200-299`, or several with commas. */
      readonly expectedStatus: string
      /** Text that the body must contain. */
      readonly expectedBody?: string
    }
  | {
      /** A connection. */
      readonly kind: 'tcp'
      /** A name or an address, seen from the daemon. */
      readonly host: string
      /** A reference until the service starts. */
      readonly port: number | string
    }
  | {
      /** A command that ends with 0. */
      readonly kind: 'command'
      /** A path, or a name to look for in PATH. */
      readonly program: string
      /** Without the program itself. No shell reads them. */
      readonly args: readonly string[]
      /** `service`: where the service runs (in its container, over SSH). `host`: beside the daemon. */
      readonly on: 'host' | 'service'
    }
  | {
      /** A line that the service prints. Once it has come, it holds for the rest of the attempt. */
      readonly kind: 'log'
      /** A regular expression (unicode mode). Its named groups become outputs of the service. */
      readonly pattern: string
    }
  | {
      /** Every one of them, or at least one. */
      readonly kind: 'all' | 'any'
      /** Asked at the same time. */
      readonly checks: readonly ProbeCheck[]
    }

/** A health check: readiness, or liveness, of a service. */
export interface Probe extends ProbeTiming {
  /** What is asked. */
  readonly check: ProbeCheck
}
