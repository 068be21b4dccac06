import type {Duplex} from 'node:stream'
import type {WorkloadInput} from '@service-harness/cli/plugin'
import type {Container} from './container.js'
import {statusOf} from './engine/problem.js'
import type {Shared} from './shared.js'

/** By container: what the one before has written must have arrived before the next begins. */
const leaving = new Map<string, Promise<void>>()

/** The engine hangs up once it has read all of it; if it does not, so do we. */
const farewellMs = 5000

function leave(id: string, stream: Duplex): void {
  const gone = new Promise<void>((resolve) => {
    stream.once('close', resolve)
  })
  leaving.set(id, gone)
  const patience = setTimeout(() => stream.destroy(), farewellMs)
  void gone.then(() => {
    clearTimeout(patience)
    if (leaving.get(id) === gone) leaving.delete(id)
  })
  stream.once('end', () => stream.destroy())
  stream.end()
}

/** Attaches to the standard input of a container, which stays open when this is let go of. */
export async function openInput(
  container: Container,
  service: string,
  {engine, services}: Shared,
): Promise<WorkloadInput> {
  const gone = (): Error => services.error('SERVICE_NO_INPUT', {subject: service, reason: 'its container has ended'})
  await leaving.get(container.id)
  let stream: Duplex
  try {
    const attached: unknown = await engine.ask((docker) =>
      docker.getContainer(container.id).attach({stream: true, stdin: true, hijack: true}),
    )
    stream = attached as Duplex
  } catch (error) {
    throw statusOf(error) === undefined ? error : gone()
  }
  stream.on('error', () => undefined)
  stream.resume()
  return {
    write: (bytes) =>
      new Promise((resolve) => {
        if (stream.destroyed) resolve()
        else
          stream.write(bytes, () => {
            resolve()
          })
      }),
    [Symbol.dispose]() {
      if (!stream.destroyed) leave(container.id, stream)
    },
  }
}
