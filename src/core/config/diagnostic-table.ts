import type {Diagnostic} from '../contract/diagnostic.js'

interface DiagnosticKind {
  /** What it means, for people. */
  readonly meaning: string
  /** How to repair it. */
  readonly repair: string
}

/** What each code of a diagnostic is about. The reference is made from it. */
export const diagnosticTable: Readonly<Record<Diagnostic['code'], DiagnosticKind>> = {
  CONFIG_SYNTAX: {
    meaning:
      'The file is not YAML 1.2, or more than a stack file may be: over 1 MiB, nested deeper than 48 levels, several documents, or aliases that unfold without end.',
    repair:
      'Look at the marked place and the line above it: most often an indentation, a missing quote, or a `:` inside a text that has no quotes.',
  },
  CONFIG_UNKNOWN_KEY: {
    meaning: 'A map has a key that means nothing there.',
    repair:
      'Take the spelling that is suggested, or move the key to where it belongs. Notes of your own can stand under keys that begin with `x-`.',
  },
  CONFIG_MISSING_KEY: {
    meaning: 'A map lacks a key without which it means nothing, or has none of several of which it needs one.',
    repair:
      'Add the key that is named. In an override or an environment, check that the name above it is spelled as in the stack file.',
  },
  CONFIG_INVALID_VALUE: {
    meaning:
      'A value is not what its key takes: another kind of value, out of range, not one of the words that are known, or at odds with a key beside it. As a warning: it is possible, and probably not meant.',
    repair: 'The message says what is expected; [the reference](#reference) says it of every key.',
  },
  CONFIG_INVALID_NAME: {
    meaning: 'A name has characters that it cannot have, or is taken.',
    repair:
      'Names of services, tasks, ports, networks, profiles and the like are lower-case letters, digits, `-` and `_`, at most 63, a letter or digit first.',
  },
  CONFIG_DUPLICATE_KEY: {
    meaning: 'Something is given twice: a key of a map, the name of a port, or one name in two included files.',
    repair:
      'Remove or rename one of them. To change what another file says, lay one file over the other instead of including both.',
  },
  CONFIG_UNKNOWN_TYPE: {
    meaning: 'No plugin that is installed brings the `type`, `service_type` or `task_type` that is named.',
    repair: 'Install the plugin that is suggested, `harness plugins install NAME`, or correct the name.',
  },
  CONFIG_UNKNOWN_DEPENDENCY: {
    meaning:
      'A dependency, or the task of a watch, names nothing of this stack; or it waits for what can never come, as for the end of a service that runs on.',
    repair:
      'Correct the name, or write `{task: NAME}` when it is a task. With `required: false` what is missing is only a warning.',
  },
  CONFIG_UNKNOWN_REFERENCE: {
    meaning:
      'A `${name.field}`, a network or a template is not there; or a reference names something that is not known yet when its value is needed, because it is no dependency.',
    repair: 'Correct the name, or add what is referred to under `dependencies`: a reference says nothing about order.',
  },
  CONFIG_CYCLE: {
    meaning: 'Services and tasks need each other in a circle, or files or templates lead back to themselves.',
    repair: 'The message shows the circle: take one of its steps away. Often the thing that two need is a third one.',
  },
  CONFIG_UNSET_VARIABLE: {
    meaning:
      'A `${VARIABLE}` is not set and has no default: an empty text takes its place. With `:?` it is an error, and so it is under `--strict`.',
    repair: 'Set it, write it into the `.env` file, or give a default: `${VARIABLE:-value}`.',
  },
}
