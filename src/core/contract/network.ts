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
  /** Its executor can carry connections between that machine and this one; see `StartRequest.tunnel`. @default false */
  readonly tunnel?: boolean
}

/**
 * What an executor is to carry between the machine of a workload and this one, from before the program begins until it has ended. Each port of the workload is one
 * of this machine as well: what connects to 127.0.0.1 and `port` of an endpoint here comes to 127.0.0.1 and its `containerPort`, or else `port`, there.
 */
export interface Tunnel {
  /** Ports of this machine that the workload is given as those of its own loopback: what connects to 127.0.0.1 and one of them there comes to `host` and the same port here. */
  readonly back: readonly {
    /** As this machine reaches it. */
    readonly host: string
    /** 1 to 65535, at both ends. */
    readonly port: number
  }[]
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
