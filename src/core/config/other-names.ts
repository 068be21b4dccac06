import {didYouMean} from './suggest.js'

/** Keys that people bring from Compose files, other tools and older stacks, and ours for them. The first that a map has is meant. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  after: ['dependencies'],
  bin: ['binary'],
  chdir: ['working_dir'],
  condition: ['policy'],
  config: ['config_path'],
  cwd: ['working_dir'],
  depends: ['dependencies'],
  depends_on: ['dependencies'],
  deps: ['dependencies'],
  dir: ['working_dir'],
  directory: ['working_dir'],
  entrypoint: ['binary'],
  env_files: ['env_file'],
  environment: ['env'],
  envfile: ['env_file'],
  exclude: ['ignore'],
  exec: ['binary', 'command'],
  executable: ['binary'],
  file: ['path'],
  grace_period: ['shutdown_timeout'],
  healthcheck: ['health_check'],
  instances: ['replicas'],
  interval: ['every'],
  kill_signal: ['stop_signal'],
  kill_timeout: ['shutdown_timeout'],
  liveness_probe: ['liveness'],
  logging: ['logs'],
  needs: ['dependencies'],
  path: ['paths'],
  program: ['binary'],
  readiness_probe: ['health_check'],
  requires: ['dependencies'],
  restart_policy: ['restart'],
  scale: ['replicas'],
  script: ['binary'],
  stop_grace_period: ['shutdown_timeout'],
  stop_timeout: ['shutdown_timeout'],
  test: ['command'],
  tty: ['pty'],
  uid: ['user'],
  workdir: ['working_dir'],
  working_directory: ['working_dir'],
}

const commandLine = "write 'binary: PROGRAM', and 'args: [ARGUMENT, …]' for the rest"

/** Keys that no other key takes the place of, in a map that has the key `in`: what to write there. */
const otherWays: Readonly<Record<string, {readonly in: string; readonly advice: string}>> = {
  build: {in: 'binary', advice: "build it in a task, and name the task under 'dependencies'"},
  cmd: {in: 'binary', advice: commandLine},
  command: {in: 'binary', advice: commandLine},
  container: {in: 'binary', advice: "it belongs to another type: write 'type: docker-attach'"},
  container_name: {in: 'health_check', advice: 'leave it out: the key of the service is its name'},
  expose: {in: 'ports', advice: "write it under 'ports'"},
  host: {in: 'binary', advice: "it belongs to another type: write 'type: remote'"},
  image: {in: 'binary', advice: "it belongs to another type: write 'type: docker'"},
  volumes: {in: 'binary', advice: 'leave it out: a process sees the files of this machine as they are'},
}

/** `did you mean 'health_check'?`, or what to write instead of a key that is not known. */
export function suggestKey(key: string, keys: readonly string[]): string | undefined {
  const other = Object.hasOwn(otherNames, key) ? otherNames[key]?.find((name) => keys.includes(name)) : undefined
  if (other !== undefined) return `did you mean '${other}'?`
  const way = Object.hasOwn(otherWays, key) ? otherWays[key] : undefined
  return way && keys.includes(way.in) ? way.advice : didYouMean(key, keys)
}

/** Keys of targets, and the type that has them. */
const typeOfKey: Readonly<Record<string, string>> = {
  args: 'process',
  binary: 'process',
  command: 'docker',
  container: 'docker-attach',
  entrypoint: 'docker',
  host: 'remote',
  image: 'docker',
  pid: 'process-attach',
  pid_file: 'process-attach',
  process_name: 'process-attach',
  unit: 'systemd',
  volumes: 'docker',
  working_dir: 'process',
}

/** The type that has these keys: what was left out, or where one of them belongs. */
export function typeWith(keys: readonly string[]): string | undefined {
  const types = keys.flatMap((key) => (Object.hasOwn(typeOfKey, key) ? (typeOfKey[key] ?? []) : []))
  return types.find((type) => type !== 'process') ?? types[0]
}
