import {spawn} from 'node:child_process'
import {createHash} from 'node:crypto'
import {once} from 'node:events'
import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {createServer, type ServerResponse} from 'node:http'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {gzipSync} from 'node:zlib'
import type {TestEngine} from './engine.js'

/** Fits the login of docker's own config.json. */
export const registryAuth = Buffer.from('ann:pass:word').toString('base64')

/** A registry in the network of an engine with one image in it; `asks` for a login. `host` goes before the names of images. */
export async function startRegistry(engine: TestEngine, {asks = false} = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'harness-registry-'))
  const container = await engine.docker('create', 'busybox:local', 'true')
  const root = path.join(folder, 'root.tar')
  await engine.docker('export', '--output', root, container)
  await engine.docker('rm', container)
  const [program = '', ...args] = engine.inside(
    process.execPath,
    '--import',
    'tsx',
    fileURLToPath(import.meta.url),
    root,
    ...(asks ? ['asks'] : []),
  )
  const server = spawn(program, args, {stdio: ['ignore', 'pipe', 'inherit']})
  const [port] = (await once(server.stdout, 'data')) as [Buffer]
  return {
    host: `localhost:${port.toString().trim()}`,
    [Symbol.dispose]: () => {
      server.kill('SIGKILL')
      rmSync(folder, {recursive: true, force: true})
    },
  }
}

const digestOf = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`
const json = (value: object): Buffer => Buffer.from(JSON.stringify(value))

/** The image `NAME:latest` for each name: `slow` comes at half a megabyte per second. */
function serve(layerFile: string, asks: boolean): void {
  const tar = readFileSync(layerFile)
  const layer = gzipSync(tar, {level: 0})
  const config = json({
    ...{architecture: 'amd64', os: 'linux', config: {Cmd: ['sleep', '600']}},
    rootfs: {type: 'layers', diff_ids: [digestOf(tar)]},
  })
  const type = 'application/vnd.docker.distribution.manifest.v2+json'
  const described = (mediaType: string, bytes: Buffer) => ({mediaType, size: bytes.length, digest: digestOf(bytes)})
  const manifest = json({
    ...{schemaVersion: 2, mediaType: type},
    config: described('application/vnd.docker.container.image.v1+json', config),
    layers: [described('application/vnd.docker.image.rootfs.diff.tar.gzip', layer)],
  })
  const blobs = new Map([config, layer].map((bytes) => [digestOf(bytes), bytes]))
  const sendManifest = (response: ServerResponse, method: string | undefined): void => {
    const {length} = manifest
    response.writeHead(200, {
      'content-type': type,
      'content-length': length,
      'docker-content-digest': digestOf(manifest),
    })
    response.end(method === 'HEAD' ? undefined : manifest)
  }
  const server = createServer(({url = '', method, headers}, response) => {
    const [, name, kind, what = ''] = /^\/v2\/([^/]+)\/(manifests|blobs)\/(.+)$/.exec(url) ?? []
    const isAsked = asks && headers.authorization !== `Basic ${registryAuth}`
    if (isAsked) response.writeHead(401, {'www-authenticate': 'Basic realm="private"'}).end()
    else if (name === undefined) response.writeHead(200, {'docker-distribution-api-version': 'registry/2.0'}).end('{}')
    else if (kind === 'manifests') sendManifest(response, method)
    else sendBlob(response, blobs.get(what), name === 'slow')
  })
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    if (typeof address === 'object') console.log(address?.port)
  })
}

function sendBlob(response: ServerResponse, blob: Buffer | undefined, isSlow: boolean): void {
  response.writeHead(blob ? 200 : 404, blob && {'content-length': blob.length})
  if (blob && isSlow) slowly(blob, response)
  else response.end(blob)
}

/** Half a megabyte per second. */
function slowly(bytes: Buffer, response: ServerResponse): void {
  let sent = 0
  const timer = setInterval(() => {
    if (sent >= bytes.length) response.end()
    if (sent >= bytes.length || response.destroyed) clearInterval(timer)
    else response.write(bytes.subarray(sent, (sent += 50_000)))
  }, 100)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) serve(process.argv[2] ?? '', process.argv[3] === 'asks')
