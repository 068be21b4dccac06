import type {ServiceDefaults} from '@service-harness/cli/plugin'
import {launchTarget} from '../shared/launch-script.js'
import type {PostgresConfig} from './config.js'

type Target = NonNullable<ServiceDefaults['target']>

/** Which program runs as the service: the launch script of this package, or a container. */
export function targetOf(config: PostgresConfig, name: string): Target {
  const {from = 'auto', image} = config
  return from === 'docker' || (from === 'auto' && image !== undefined) ? container(config) : program(config, name)
}

function program({user, from = 'auto', data, version, binary, settings = {}}: Resolved, name: string): Target {
  const given = {user, from, data, version, binary}
  const flags = Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [`--${key}=${value}`]))
  const set = Object.entries(settings).map(([key, value]) => `--set=${key}=${value}`)
  return launchTarget('postgres', [`--port=\${${name}.ports.postgres}`, ...flags, ...set])
}

type Resolved = PostgresConfig

function container({image, version = 17, data, settings = {}}: PostgresConfig): Target {
  const set = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])
  return {
    type: 'docker',
    spec: {
      image: image ?? `postgres:${version}-alpine`,
      ...(set.length > 0 && {command: ['postgres', ...set]}),
      ...(data !== undefined && {volumes: [`${withDot(data)}:${dataInContainer}`]}),
    },
  }
}

/** Another one than the image's own, which changes from version to version. */
const dataInContainer = '/harness/data'

/** A source without one is the name of a volume. */
function withDot(folder: string): string {
  return /^[./~$]/.test(folder) ? folder : `./${folder}`
}

/** For both: the image and the launch script read the same variables. In no command line, so that nobody sees the password. */
export function environmentOf({
  user,
  password,
  data,
}: Required<Pick<PostgresConfig, 'password' | 'user'>> & PostgresConfig) {
  return {
    POSTGRES_USER: user,
    POSTGRES_PASSWORD: password,
    POSTGRES_DB: 'postgres',
    POSTGRES_INITDB_ARGS: '--encoding=UTF8 --locale=C',
    ...(data !== undefined && {PGDATA: `${dataInContainer}/pgdata`}),
  }
}
