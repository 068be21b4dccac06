interface ErrorKind {
  /** The exit code of the command that ends with it, which is also its family. */
  readonly exit: number
  /** What failed, with `{subject}` for the thing it happened to. Without a full stop: the reason may follow. */
  readonly what: string
  /** What to do next when the place that raised it knows nothing better. */
  readonly hint: string
}

const kinds = <Code extends string>(table: Readonly<Record<Code, ErrorKind>>): typeof table => table

/** Every error that harness raises on purpose. docs/errors.md is made from it. */
export const errorTable = kinds({
  INTERNAL: {
    exit: 1,
    what: "harness made a mistake of its own in '{subject}'",
    hint: 'Please report it with the output of this command and `harness daemon logs`.',
  },

  USAGE: {exit: 2, what: "'{subject}' cannot be used like this", hint: 'Run the command with --help.'},
  SERVICE_UNKNOWN: {
    exit: 2,
    what: "No service is called '{subject}'",
    hint: 'Run `harness status` to see the services of the stack.',
  },
  TASK_UNKNOWN: {
    exit: 2,
    what: "No task is called '{subject}'",
    hint: 'Run `harness task list` to see the tasks of the stack.',
  },
  ACTION_UNKNOWN: {
    exit: 2,
    what: "No action is called '{subject}'",
    hint: 'Run `harness action list` to see the actions of the stack.',
  },
  ACTION_INPUT_INVALID: {
    exit: 2,
    what: "The input of action '{subject}' is not valid",
    hint: 'Run `harness action list` to see what it takes.',
  },
  TYPE_UNKNOWN: {
    exit: 2,
    what: "No type is called '{subject}'",
    hint: 'Run `harness types` to see what is installed; a plugin brings more.',
  },
  STACK_UNKNOWN: {
    exit: 2,
    what: "The daemon knows no stack '{subject}'",
    hint: 'Run `harness ls` to see those that it knows, or `harness start -c FILE` to load one.',
  },
  STACK_AMBIGUOUS: {
    exit: 2,
    what: "'{subject}' could mean several stacks",
    hint: 'Name the stack file with -c FILE. `harness ls` shows all stacks with their ids.',
  },
  STACK_IN_USE: {
    exit: 2,
    what: "Stack '{subject}' is in use",
    hint: 'Run `harness stop --stack {subject}` first.',
  },
  SERVICE_IN_USE: {
    exit: 2,
    what: "Service '{subject}' is needed by services that run",
    hint: 'Add --with-dependents to stop them too, or --force to stop it alone.',
  },
  REQUEST_INVALID: {
    exit: 2,
    what: "The request '{subject}' is not valid",
    hint: 'See docs/protocol.md for its parameters.',
  },
  METHOD_UNKNOWN: {
    exit: 2,
    what: "The daemon has no method '{subject}'",
    hint: 'The daemon may be older than this client: run `harness daemon restart` on its machine.',
  },

  CONFIG_NOT_FOUND: {
    exit: 3,
    what: "No stack file was found at '{subject}'",
    hint: 'Name one with -c FILE, or change to the folder that holds harness.yaml.',
  },
  CONFIG_INVALID: {
    exit: 3,
    what: "The stack file '{subject}' has problems",
    hint: 'Correct them, then run `harness validate`.',
  },

  SSH_ADDRESS_INVALID: {
    exit: 3,
    what: "The field '{subject}' names no host that SSH could reach",
    hint: 'Correct it in the stack file.',
  },
  SSH_CONFIG_INVALID: {
    exit: 3,
    what: "The configuration of SSH at '{subject}' cannot be used",
    hint: 'Correct it; `ssh -G HOST` shows what OpenSSH makes of it.',
  },

  SECRET_MISSING: {
    exit: 3,
    what: "Secret '{subject}' has no value",
    hint: "See where it comes from under 'secrets' in the stack file, then start again.",
  },

  PACKAGE_INVALID: {
    exit: 3,
    what: "Package '{subject}' cannot be used",
    hint: 'Build it again with `harness package build`.',
  },

  SERVICE_START_FAILED: {
    exit: 4,
    what: "Service '{subject}' could not start",
    hint: 'Run `harness logs {subject}` to see what it printed.',
  },
  SERVICE_START_TIMEOUT: {
    exit: 4,
    what: "Service '{subject}' was not ready in time",
    hint: 'It still runs for inspection: see `harness logs {subject}`, then `harness stop {subject}`.',
  },
  SERVICE_FELL_BACK: {
    exit: 4,
    what: "Service '{subject}' does not run as it was asked to",
    hint: 'Run `harness logs {subject}` to see what it printed.',
  },
  SERVICE_EXITED: {
    exit: 4,
    what: "Service '{subject}' ended",
    hint: 'Run `harness logs {subject}` to see what it printed.',
  },
  SERVICE_SETUP_FAILED: {
    exit: 4,
    what: "The setup of service '{subject}' failed",
    hint: 'Run `harness logs {subject}` to see what it printed, then `harness start {subject}` to try again.',
  },
  SERVICE_BLOCKED: {
    exit: 4,
    what: "Service '{subject}' is blocked",
    hint: 'Correct what it depends on, then run `harness start {subject}`.',
  },
  SERVICE_STOP_FAILED: {
    exit: 4,
    what: "Service '{subject}' could not be stopped",
    hint: 'Run `harness status {subject}` to see what is left.',
  },
  SERVICE_NOT_RUNNING: {exit: 4, what: "Service '{subject}' does not run", hint: 'Run `harness start {subject}`.'},
  SERVICE_NO_INPUT: {
    exit: 4,
    what: "Service '{subject}' has no standard input to write to",
    hint: 'Add `stdin: true` to its target in the stack file, then run `harness restart {subject}`.',
  },
  TASK_FAILED: {exit: 4, what: "Task '{subject}' failed", hint: 'Run `harness logs {subject}` to see what it printed.'},
  ACTION_FAILED: {
    exit: 4,
    what: "Action '{subject}' failed",
    hint: 'See the reason; `harness logs` and `harness daemon logs` may have more.',
  },
  TASK_BLOCKED: {
    exit: 4,
    what: "Task '{subject}' is blocked",
    hint: 'Correct what it depends on, then run `harness task run {subject}`.',
  },
  STACK_FAILED: {
    exit: 4,
    what: "Stack '{subject}' is not whole",
    hint: 'See the reasons above; what started keeps running.',
  },
  DEPLOY_FAILED: {
    exit: 4,
    what: "Package '{subject}' could not be deployed",
    hint: 'See the reason; the version that was current still is.',
  },
  PORT_BUSY: {
    exit: 4,
    what: 'Port {subject} is in use',
    hint: 'Stop its holder, choose another port, or use 0 to have a free one allocated.',
  },

  EXECUTOR_UNAVAILABLE: {
    exit: 5,
    what: "The executor '{subject}' cannot be used here",
    hint: 'See the reason; `harness daemon logs` has more.',
  },
  EXECUTOR_FAILED: {exit: 5, what: "The executor '{subject}' failed", hint: 'Run `harness daemon logs` for more.'},
  EXECUTOR_CANNOT: {
    exit: 5,
    what: "The executor '{subject}' cannot do this",
    hint: 'Use the tools of what it drives.',
  },
  NETWORK_NOT_READY: {
    exit: 5,
    what: "Network '{subject}' cannot be used yet",
    hint: 'Run `harness network check {subject}` to see all that is missing.',
  },
  SSH_UNREACHABLE: {
    exit: 5,
    what: "Host '{subject}' cannot be reached",
    hint: 'Try `ssh` to the same host: it must come through from this machine.',
  },
  SSH_AUTH_FAILED: {
    exit: 5,
    what: "Host '{subject}' does not let this user in",
    hint: 'Add a public key to ~/.ssh/authorized_keys there, or load the right one with `ssh-add`.',
  },
  SSH_HOST_UNKNOWN: {
    exit: 5,
    what: "The key of host '{subject}' is not trusted yet",
    hint: 'Compare its fingerprint, then run `harness ssh trust HOST`.',
  },
  SSH_HOST_CHANGED: {
    exit: 5,
    what: "Host '{subject}' shows another key than before",
    hint: 'When its key was made anew, run `harness ssh trust HOST --replace`; otherwise somebody is in between.',
  },
  SSH_HOST_REVOKED: {
    exit: 5,
    what: "Host '{subject}' shows a key that must not be used any more",
    hint: 'Give the host a new key, and find out who uses the old one.',
  },
  SSH_REFUSED: {
    exit: 5,
    what: "Host '{subject}' refused what was asked of it",
    hint: 'See the configuration of its sshd.',
  },
  PLATFORM_UNSUPPORTED: {
    exit: 5,
    what: "harness does not run services on '{subject}' yet",
    hint: 'Use Linux, or a Linux container or virtual machine.',
  },
  STATE_UNSAFE: {
    exit: 5,
    what: "harness cannot use '{subject}' for its state",
    hint: 'Choose another directory with `export HARNESS_STATE_DIR=DIR`.',
  },
  STATE_SCHEMA: {
    exit: 5,
    what: "The state in '{subject}' was written by a newer harness",
    hint: 'Upgrade harness, or choose another state directory with HARNESS_STATE_DIR.',
  },
  STATE_WRITE_FAILED: {
    exit: 5,
    what: "The state in '{subject}' could not be written",
    hint: 'Free some space on that disk; harness goes on as soon as it can write.',
  },

  PLUGIN_FAILED: {
    exit: 6,
    what: "Plugin '{subject}' could not be loaded",
    hint: 'Run `harness plugins uninstall {subject}`, or set HARNESS_NO_USER_PLUGINS=1.',
  },
  PLUGIN_CALL_FAILED: {
    exit: 6,
    what: "'{subject}' of a plugin failed",
    hint: 'Update the plugin with `harness plugins update`, or uninstall it.',
  },
  PLUGIN_REFUSED: {
    exit: 6,
    what: "Plugin '{subject}' was not taken",
    hint: 'Install another version of it, or tell its author.',
  },
  PLUGINS_UNCHANGED: {
    exit: 6,
    what: "The command 'harness {subject}' failed and has changed nothing",
    hint: 'See which registry is asked with `npm config get registry`; HARNESS_NPM_REGISTRY names another.',
  },
  PLUGIN_CONFLICT: {
    exit: 6,
    what: "Several plugins bring '{subject}'",
    hint: 'Uninstall one of them with `harness plugins uninstall`.',
  },
  PLUGIN_API: {
    exit: 6,
    what: "Plugin '{subject}' was made for another harness",
    hint: 'Install a version of the plugin, or of harness, that fits.',
  },

  DAEMON_UNREACHABLE: {
    exit: 7,
    what: "No daemon answers at '{subject}'",
    hint: 'Run `harness daemon start`, or see `harness daemon logs`.',
  },
  DAEMON_START_FAILED: {
    exit: 7,
    what: "The daemon could not be started in '{subject}'",
    hint: 'Run `harness daemon` to see it fail in the foreground.',
  },
  DAEMON_LISTEN_FAILED: {
    exit: 7,
    what: "The daemon cannot listen at '{subject}'",
    hint: 'Choose another address or a shorter HARNESS_STATE_DIR.',
  },
  CONNECTION_LOST: {
    exit: 7,
    what: "The connection to the daemon at '{subject}' was lost",
    hint: 'Run the command again; services keep running without the daemon.',
  },
  UNAUTHORIZED: {
    exit: 7,
    what: "The daemon at '{subject}' refused this client",
    hint: 'Its token is not the one in the state directory. Run `harness daemon restart`: services keep running.',
  },
  DAEMON_UNTRUSTED: {
    exit: 7,
    what: "The daemon at '{subject}' is not trusted yet",
    hint: 'Run `harness daemon trust {subject}`.',
  },
  CERTIFICATE_MISMATCH: {
    exit: 7,
    what: "The daemon at '{subject}' shows another key than the one that is expected of it",
    hint: 'When its key was made anew, forget the old one; otherwise somebody is in between.',
  },
  VERSION_MISMATCH: {
    exit: 7,
    what: "The daemon at '{subject}' speaks another protocol version",
    hint: 'Run `harness daemon restart`: services keep running.',
  },
  BUSY: {
    exit: 7,
    what: "The daemon has too much to do for '{subject}'",
    hint: 'Wait for earlier requests of this client to end.',
  },

  STATE_LOCKED: {
    exit: 75,
    what: "Another daemon owns the state directory '{subject}'",
    hint: 'Use that daemon, or stop it with `harness daemon stop`.',
  },
  CANCELLED: {exit: 130, what: "'{subject}' was cancelled", hint: 'Run `harness status` to see what is running.'},
})

export type ErrorCode = keyof typeof errorTable
