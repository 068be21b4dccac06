const ofLogs = 'has no equivalent: harness keeps the logs itself, see `harness logs`'
const ofScreen = 'is about the screen of process-compose'

/** Why a key of a process is not in the stack file. Empty: nothing is lost. */
export const unsupportedOfProcess: Readonly<Record<string, string>> = {
  log_location: ofLogs,
  log_configuration: ofLogs,
  truncate_log: ofLogs,
  disable_ansi_colors: ofScreen,
  is_tty: 'has no equivalent: there is no terminal, its output goes to a file',
  is_interactive: 'has no equivalent: nobody can type into a service',
  is_elevated: 'has no equivalent: start harness as the user that it needs',
  namespace: 'has no equivalent: all namespaces are started; put services under `profiles` to choose',
  is_dotenv_disabled: 'has no equivalent: what .env says reaches all services',
  launch_timeout_seconds: '',
  monitor_for: ofScreen,
  monitor_silence_threshold: ofScreen,
  mcp: 'has no equivalent',
  replica_num: '',
  replica_name: '',
}

/** The same for the keys of the whole file. */
export const unsupportedOfProject: Readonly<Record<string, string>> = {
  version: '',
  log_location: ofLogs,
  log_level: ofLogs,
  log_length: ofLogs,
  log_configuration: ofLogs,
  log_format: ofLogs,
  is_strict: '',
  is_tui_disabled: '',
  ordered_shutdown: '',
  extends: 'names another file: import that one too, and name its stack file under `include`',
  mcp_server: 'has no equivalent',
}
