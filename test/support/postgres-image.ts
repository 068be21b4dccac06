import {execFile} from 'node:child_process'
import {existsSync, mkdirSync, readdirSync, writeFileSync} from 'node:fs'
import {cp} from 'node:fs/promises'
import path from 'node:path'
import {promisify} from 'node:util'
import type {TestEngine} from '../plugins/docker/engine.js'

const run = promisify(execFile)
const versions = '/usr/lib/postgresql'

/** The newest PostgreSQL that Debian's packages have installed: `15`. */
export function postgresVersion(): string | undefined {
  const all = existsSync(versions) ? readdirSync(versions) : []
  return all
    .filter((each) => existsSync(path.join(versions, each, 'bin/initdb')))
    .sort((a, b) => Number(b) - Number(a))[0]
}

/** As that of the official image, in what the tests use of it. */
const entrypoint = `#!/bin/sh
set -e
[ "$1" = postgres ] || exec "$@"
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  echo "$POSTGRES_PASSWORD" > /tmp/password
  initdb --username="\${POSTGRES_USER:-postgres}" --pwfile=/tmp/password --auth-local=trust --auth-host=scram-sha-256
  rm /tmp/password
  echo 'host all all all scram-sha-256' >> "$PGDATA/pg_hba.conf"
  [ -z "$POSTGRES_DB" ] || echo "CREATE DATABASE $POSTGRES_DB" | postgres --single postgres
fi
exec "$@" -c listen_addresses='*' -c unix_socket_directories=/tmp
`

function dockerfile(bin: string): string {
  return `FROM busybox:local
COPY root /
RUN chmod 755 /entrypoint.sh && mkdir -p /var/lib/postgresql/data && chown -R 70:70 /var/lib/postgresql && chmod 1777 /tmp
ENV PATH=${bin}:/bin PGDATA=/var/lib/postgresql/data PGHOST=/tmp
USER postgres
STOPSIGNAL SIGINT
VOLUME /var/lib/postgresql/data
ENTRYPOINT ["/entrypoint.sh"]
CMD ["postgres"]
`
}

/** Builds an image with a real PostgreSQL, from the packages of this machine on top of `busybox:local`. */
export async function buildPostgresImage(engine: TestEngine, name: string): Promise<void> {
  const version = postgresVersion() ?? 'none'
  const home = path.join(versions, version)
  const folder = path.join(engine.folder, 'postgres')
  const root = path.join(folder, 'root')
  mkdirSync(path.join(root, 'etc'), {recursive: true})
  const copy = (from: string): Promise<void> =>
    cp(from, path.join(root, from), {recursive: true, dereference: true, filter: (each) => !each.includes('llvmjit')})
  for (const each of [path.join(home, 'bin'), path.join(home, 'lib'), `/usr/share/postgresql/${version}`])
    await copy(each)
  for (const library of await librariesOf(home)) await copy(library)
  writeFileSync(
    path.join(root, 'etc/passwd'),
    'root:x:0:0::/root:/bin/sh\npostgres:x:70:70::/var/lib/postgresql:/bin/sh\n',
  )
  writeFileSync(path.join(root, 'etc/group'), 'root:x:0:\npostgres:x:70:\n')
  writeFileSync(path.join(root, 'entrypoint.sh'), entrypoint)
  writeFileSync(path.join(folder, 'Dockerfile'), dockerfile(path.join(home, 'bin')))
  await engine.docker('build', '--tag', name, folder)
}

async function librariesOf(home: string): Promise<ReadonlySet<string>> {
  const files = ['bin/postgres', 'bin/initdb', 'bin/psql', 'bin/pg_isready', 'lib/dict_snowball.so'].map((file) =>
    path.join(home, file),
  )
  const {stdout} = await run('ldd', files)
  return new Set(stdout.match(/\/\S+\.so\S*(?= \()/g))
}
