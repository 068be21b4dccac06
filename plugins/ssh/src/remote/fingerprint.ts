import type {Fingerprint} from '@service-harness/cli/plugin'

/** Nothing of this machine is needed; whether another one can be used is known when it is asked. */
export function fingerprint(): Promise<Fingerprint> {
  return Promise.resolve({
    health: 'healthy',
    description: 'Programs can be run on machines with an sshd.',
    attributes: {},
  })
}
