import type {Stack} from '../../stack/stack.js'

export interface MetricsSource {
  readonly version: string
  readonly stacks: () => readonly Stack[]
  readonly clients: () => number
  /** Whether what happens can be written down. */
  readonly isWritable: () => boolean
}

export interface MetricsText {
  readonly contentType: string
  readonly text: string
}
