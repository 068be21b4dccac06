import type {JsonObject} from '@service-harness/cli/plugin'
import type {GraphStack} from './graph-stack.js'

export interface Act {
  readonly service: string
  readonly action: string
  readonly input: JsonObject
}

/** Has a service do something, with what it says meanwhile on standard error. Ctrl-C ends it, and does not undo what it has done. */
export async function act<Output>(
  {client, stack}: Pick<GraphStack, 'client' | 'stack'>,
  {service, action, input}: Act,
  say = sayOnTheSide,
): Promise<Output> {
  const controller = new AbortController()
  const leave = (): void => {
    controller.abort(new Error('interrupted'))
  }
  process.once('SIGINT', leave)
  try {
    const {output} = await client.action.invoke(
      {stack, service, action, input},
      {
        signal: controller.signal,
        onProgress(progress) {
          if ('message' in progress) say(progress.message)
        },
      },
    )
    return output as Output
  } catch (error) {
    if (controller.signal.aborted) {
      say(`Interrupted: ${service} ends ${action}. What it has done stays.`)
      process.exit(130)
    }
    throw error
  } finally {
    process.off('SIGINT', leave)
  }
}

/** For people; results go to standard output. */
function sayOnTheSide(message: string): void {
  process.stderr.write(`${message.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ' ')}\n`)
}
