/** What `figures.ts` tells of one figure. */
export interface Row {
  readonly figure: string
  readonly bar: string
  readonly measured: string
  readonly holds: boolean
}
