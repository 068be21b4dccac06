import {homedir} from 'node:os'
import type Docker from 'dockerode'
import {engineAddress, machineOf, type EngineAddress} from './address.js'
import {connectTo} from './connect.js'
import {badConfiguration, isAway, noEngine, type Errors} from './problem.js'

/** The container engine of this user. */
export interface Engine {
  /** The name of the machine that it runs on, where that is another one; known once it was asked something. */
  readonly machine: string | undefined
  address(): Promise<EngineAddress>
  /** Asks it something. What it refuses is thrown as it comes; EXECUTOR_UNAVAILABLE when it cannot be asked. */
  ask<Answer>(question: (docker: Docker) => Promise<Answer>): Promise<Answer>
}

export function openEngine(services: Errors, env: NodeJS.ProcessEnv = process.env): Engine {
  let machine: string | undefined
  let opened: Promise<{readonly address: EngineAddress; readonly docker: Docker}> | undefined
  const open = async () => {
    const address = await engineAddress(env, homedir())
    machine = machineOf(address)
    return {address, docker: await connectTo(address)}
  }
  const engine = () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined
      throw badConfiguration(services, error)
    })
    return opened
  }
  return {
    get machine() {
      return machine
    },
    address: async () => (await engine()).address,
    async ask(question) {
      const {address, docker} = await engine()
      try {
        return await question(docker)
      } catch (error) {
        throw isAway(error) ? noEngine(services, address, error) : error
      }
    },
  }
}
