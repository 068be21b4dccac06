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
  'liveness',
  'restart',
  'stop_signal',
  'stop_command',
  'shutdown_timeout',
  'startup_timeout',
  'min_uptime',
  'on_start_timeout',
  'success_exit_codes',
  'success_signals',
  'replicas',
  'watch',
  'logs',
] as const

export type ServiceKey = (typeof serviceKeys)[number]
