import {newId} from '../core/base/ids.js'
import type {Client} from '../core/client/client.js'
import type {StopOutcome} from '../core/contract/status.js'
import type {ParamsOf} from '../core/protocol/methods.js'
import type {Progress} from '../core/protocol/notifications.js'

export type StopRequest = Omit<ParamsOf<'service.stop'>, 'requestId'>

/** Stops services and waits for their end. What has not ended when `hurry` aborts is forced at once. */
export async function carryOutStop(
  client: Client,
  request: StopRequest,
  {hurry, onProgress}: {readonly hurry: AbortSignal; readonly onProgress: (progress: Progress) => void},
): Promise<StopOutcome> {
  let stopping: readonly string[] = request.services
  let forced: Promise<unknown> = Promise.resolve()
  const force = (): void => {
    const {stack, tasks = []} = request
    // Without any name it means all of the stack, tasks as well.
    const all = request.services.length + tasks.length === 0
    if (!all && stopping.length + tasks.length === 0) return
    const services = all ? [] : stopping
    const params = {stack, services, tasks, dependents: 'leave', timeoutMs: 0, requestId: newId()} as const
    // What comes of it is what comes of the first.
    forced = client.call('service.stop', params).catch(() => undefined)
  }
  hurry.addEventListener('abort', force, {once: true})
  try {
    const outcome = await client.call(
      'service.stop',
      {...request, ...(hurry.aborted ? {timeoutMs: 0} : {}), requestId: newId()},
      {
        onProgress(progress) {
          if ('plan' in progress) {
            stopping = progress.plan.filter(({action}) => action === 'stop').map(({name}) => name)
          }
          onProgress(progress)
        },
      },
    )
    await forced
    return outcome
  } finally {
    hurry.removeEventListener('abort', force)
  }
}
