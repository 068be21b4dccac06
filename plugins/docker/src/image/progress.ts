import type Docker from 'dockerode'
import {shownBytes} from '../sizes.js'

/** A record of a pull or a build. */
export interface ProgressEvent {
  readonly id?: string
  readonly status?: string
  readonly stream?: string
  readonly error?: string
  readonly progressDetail?: {readonly current?: number; readonly total?: number}
}

/** Reads the records to the end. Rejects with what one of them says went wrong. */
export function followed(
  {
    docker,
    stream,
    signal,
  }: {readonly docker: Docker; readonly stream: NodeJS.ReadableStream; readonly signal: AbortSignal},
  onEvent: (event: ProgressEvent) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      ;(stream as NodeJS.ReadableStream & {destroy(): void}).destroy()
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', stop, {once: true})
    docker.modem.followProgress(
      stream,
      (error: Error | null, events: ProgressEvent[] | null) => {
        signal.removeEventListener('abort', stop)
        const wrong = error?.message ?? events?.find((event) => event.error !== undefined)?.error
        if (wrong === undefined) resolve()
        else reject(Object.assign(new Error(wrong), {statusCode: 500}))
      },
      (event: ProgressEvent) => {
        onEvent(event)
      },
    )
  })
}

/** How far the layers of a pull have come. */
export class Tally {
  private readonly layers = new Map<string, {current: number; total: number}>()

  /** What to show; `undefined`: nothing new. */
  add({id, status, progressDetail}: ProgressEvent): string | undefined {
    if (id === undefined) return undefined
    const {current, total} = progressDetail ?? {}
    if (status === 'Downloading' && current !== undefined && total !== undefined) this.layers.set(id, {current, total})
    else if (status === 'Extracting' || status === 'Pull complete')
      return this.shown(status === 'Extracting' ? 'unpacking' : '')
    else return undefined
    return this.shown('')
  }

  private shown(doing: string): string | undefined {
    const all = [...this.layers.values()]
    if (all.length === 0) return doing || undefined
    const sum = (pick: (layer: {current: number; total: number}) => number): number =>
      all.reduce((total, layer) => total + pick(layer), 0)
    const text = `${shownBytes(sum(({current}) => current))} of ${shownBytes(sum(({total}) => total))}`
    return doing ? `${doing}, ${text}` : text
  }
}
