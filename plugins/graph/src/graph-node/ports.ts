/** What graph-node serves, by the names that its ports have in a stack. */
export const ports = {
  http: {name: 'http', number: 8000},
  admin: {name: 'admin', number: 8020},
  status: {name: 'status', number: 8030},
  metrics: {name: 'metrics', number: 8040},
} as const
