/** Fields that several actions have. */
export const address = {
  type: 'string',
  pattern: '^0x[0-9a-fA-F]{40}$',
  description: 'The address: 0x and 40 hexadecimal digits.',
} as const

export const blockFields = {
  block_number: {type: 'integer', minimum: 0, description: 'The number of the newest block.'},
  block_hash: {type: 'string', pattern: '^0x[0-9a-f]{64}$', description: 'Its hash.'},
} as const

export const timestamp = {
  type: 'integer',
  minimum: 0,
  description: 'The time of the newest block, in seconds since the epoch.',
} as const

export interface HeadOutput {
  readonly block_number: number
  readonly block_hash: string
}
