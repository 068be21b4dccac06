import {execFile, spawn} from 'node:child_process'
import {createRequire} from 'node:module'
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {promisify} from 'node:util'
import {until} from './harness.js'
import {freePort} from './free-port.js'

export interface NpmRegistry extends AsyncDisposable {
  readonly url: string
  /** For npm, and for commands that run it: this registry, a cache and a user's configuration of its own. */
  readonly env: Readonly<Record<string, string>>
  /** `tag` @default 'latest' */
  publish(folder: string, tag?: string): Promise<void>
}

export interface RegistryOptions {
  /** What is not published there comes from the registry that npm is configured for. @default false */
  readonly withOthers?: boolean
}

/** A real registry on loopback that knows what is published there, and is asked for plugins alone. */
export async function startNpmRegistry({withOthers = false}: RegistryOptions = {}): Promise<NpmRegistry> {
  const folder = await mkdtemp(path.join(tmpdir(), 'harness-registry-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/`
  const config = path.join(folder, 'config.yaml')
  await writeFile(config, configText(withOthers ? await usualRegistry() : undefined))
  const program = createRequire(import.meta.url).resolve('verdaccio/bin/verdaccio')
  const server = spawn(process.execPath, [program, '--config', config, '--listen', `127.0.0.1:${port}`], {
    cwd: folder,
    stdio: 'ignore',
  })
  const ended = new Promise<void>((resolve) =>
    server.once('exit', () => {
      resolve()
    }),
  )
  await until(() => isUp(url), 'the registry answers', 30_000)
  // What is published is thrown away, but npm publishes nothing for somebody without a name.
  const npmrc = path.join(folder, 'npmrc')
  await writeFile(npmrc, `registry=${url}\n//127.0.0.1:${port}/:_authToken=anybody\n`)
  const env = {
    npm_config_registry: url,
    npm_config_userconfig: npmrc,
    npm_config_cache: path.join(folder, 'cache'),
    npm_config_update_notifier: 'false',
  }
  return {
    url,
    env,
    async publish(from, tag = 'latest') {
      await promisify(execFile)('npm', ['publish', '--ignore-scripts', '--tag', tag], {
        cwd: from,
        env: {...process.env, ...env},
      })
    },
    async [Symbol.asyncDispose]() {
      server.kill('SIGKILL')
      await ended
      await rm(folder, {recursive: true, force: true, maxRetries: 3})
    },
  }
}

const open = '{access: $all, publish: $all, unpublish: $all}'

function configText(upstream: string | undefined): string {
  const uplinks = upstream === undefined ? 'uplinks: {}' : `uplinks: {upstream: {url: ${JSON.stringify(upstream)}}}`
  const others = upstream === undefined ? open : '{access: $all, proxy: upstream}'
  return [
    'storage: ./storage',
    uplinks,
    `packages: {'harness-plugin-*': ${open}, '@service-harness/*': ${open}, '**': ${others}}`,
    'web: {enable: false}',
    '',
  ].join('\n')
}

async function usualRegistry(): Promise<string> {
  return (await promisify(execFile)('npm', ['config', 'get', 'registry'])).stdout.trim()
}

async function isUp(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}-/ping`)).ok
  } catch {
    return false
  }
}

export interface PlainPlugin {
  readonly name: string
  readonly version: string
  readonly type: string
  /** Its module throws. @default false */
  readonly fails?: boolean
  /** @default none */
  readonly peers?: Readonly<Record<string, string>>
  /** What npm is to run once it is installed. @default nothing */
  readonly postinstall?: string
}

/** Writes a plugin without a build, which brings a service type that says its own version. */
export async function writePlainPlugin(
  folder: string,
  {name, version, type, fails = false, peers = {}, postinstall}: PlainPlugin,
): Promise<string> {
  await mkdir(folder, {recursive: true})
  const manifest = {
    name,
    version,
    type: 'module',
    files: ['register.js'],
    harness: {api: '^1.0'},
    peerDependencies: peers,
    scripts: {postinstall},
    oclif: {hooks: {'harness:register': './register.js'}},
  }
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest))
  await writeFile(path.join(folder, 'register.js'), registerText({version, type, fails}))
  return folder
}

const registerText = ({version, type, fails}: {version: string; type: string; fails: boolean}): string => `
${fails ? "throw new Error('it was built on a Friday')" : ''}
const anything = {type: 'object'}
export default () => Promise.resolve({
  name: '${type}',
  serviceTypes: [{
    type: '${type}',
    summary: 'Sleeps.',
    configSchema: anything,
    defaults: () => ({target: {type: 'process', spec: {binary: 'sleep', args: ['600']}}}),
    actions: {version: {summary: 'Its version.', input: anything, output: {type: 'string'}, run: () => Promise.resolve('${version}')}},
  }],
})
`
