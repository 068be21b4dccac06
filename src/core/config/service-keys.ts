/** The keys of a service in the stack file, beside those of its target in the short spelling. */
export const serviceKeys = [
  'type',
  'target',
  'service_type',
  'config',
  'name',
  'description',
  'env',
  'inherit_env',
  'ports',
  'dependencies',
  'health_check',
  'restart',
  'stop_signal',
  'shutdown_timeout',
  'startup_timeout',
  'min_uptime',
  'on_start_timeout',
  'success_exit_codes',
  'logs',
] as const

export type ServiceKey = (typeof serviceKeys)[number]
