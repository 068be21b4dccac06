import {isOurs, statusOf, wordsOf} from '../engine/problem.js'
import {registryLogin, registryOf} from '../registry-login.js'
import {followed, Tally} from './progress.js'
import type {ImageWork} from './work.js'

/** Fetches an image from its registry. SERVICE_START_FAILED. */
export async function pullImage(image: string, work: ImageWork): Promise<void> {
  const {request, engine, services, context} = work
  const {signal} = context
  const tally = new Tally()
  context.progress(`pulling ${image}`)
  try {
    const authconfig = await registryLogin(image, services, signal)
    await engine.ask(async (docker) => {
      // Without a tag the engine fetches all that there are.
      const whole = /[:@][^/]*$/.test(image) ? image : `${image}:latest`
      const stream = await docker.pull(whole, {...(authconfig && {authconfig}), abortSignal: signal})
      await followed({docker, stream, signal}, (event) => {
        const said = tally.add(event)
        if (said !== undefined) context.progress(`pulling ${image}: ${said}`)
      })
    })
  } catch (error) {
    signal.throwIfAborted()
    if (isOurs(error)) throw error
    throw services.error('SERVICE_START_FAILED', {
      subject: request.service,
      reason: `the image '${image}' could not be pulled: ${wordsOf(error)}`,
      hint: hintFor(image, error),
      cause: error,
    })
  }
}

function hintFor(image: string, error: unknown): string {
  if (/unauthorized|authentication required|no basic auth|access.* denied/i.test(wordsOf(error))) {
    return `Correct 'image' in the stack file, or log in to its registry with \`docker login ${registryOf(image)}\`.`
  }
  return statusOf(error) === 404
    ? `Correct 'image' in the stack file, or build it.`
    : `Try \`docker pull ${image}\`; a local image needs no registry.`
}
