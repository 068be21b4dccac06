/** How a workload takes part in networks. */
export interface NetworkSeat {
  /** The machine that it runs on, by a name or address with which this one reaches it. Missing: this machine. */
  readonly host?: string
  /** It has a network of its own: there 127.0.0.1 is itself, and it listens at the ports inside. @default false */
  readonly isolated?: boolean
  /** With what name or address it reaches the machine that it runs on. Missing while isolated: it cannot. */
  readonly gateway?: string
  /** Networks of its executor that it is attached to, by name, each with the name or address by which the others there reach it. */
  readonly networks?: Readonly<Record<string, string>>
}

/** A network that an executor keeps: of a container engine, a tunnel. */
export interface ExecutorNetwork {
  /** As in `NetworkSeat.networks`. */
  readonly name: string
  /** In CIDR notation. */
  readonly subnet?: string
  /** The address of the machine in it. */
  readonly gateway?: string
}
