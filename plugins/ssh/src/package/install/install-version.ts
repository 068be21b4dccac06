import {createReadStream} from 'node:fs'
import {Transform} from 'node:stream'
import {filesFolder, manifestName} from '../archive/layout.js'
import type {ReadPackage} from '../archive/read-archive.js'
import {DeployProblem} from './deploy-problem.js'
import {names, runThere, type Place} from './place.js'
import {shellWord} from '../../host/shell-words.js'

/** A package that was read, and is to be sent. */
export interface LocalPackage extends ReadPackage {
  /** Absolute. */
  readonly file: string
}

/** Sends a version, unpacks it beside the others and checks it there, file by file. In its place it is whole. */
export async function installVersion(place: Place, found: LocalPackage, id: string): Promise<void> {
  const {root, host} = place
  const upload = `${root}/${names.uploads}/${id}.tgz`
  const folder = `${root}/${names.versions}/${id}`
  const beside = `${folder}.tmp`
  await send(place, found, upload)
  place.say(`unpacking ${id} on ${host.name}`)
  const unpack = `umask 022; rm -rf ${shellWord(beside)} && mkdir ${shellWord(beside)} && cd ${shellWord(beside)} && tar -xpof - <${shellWord(upload)} -z`
  await runThere(place, unpack, `unpack ${id}`)
  await verify(place, found, beside)
  await runThere(place, `mv ${shellWord(beside)} ${shellWord(folder)} && rm -f ${shellWord(upload)}`, `finish ${id}`)
}

/** What a deploy that was interrupted has left. */
export async function removeLeftovers(place: Place): Promise<void> {
  const script = `cd ${shellWord(place.root)} && rm -rf ${names.uploads}/* ${names.versions}/*.tmp`
  await runThere(place, script, 'remove what an interrupted deploy has left')
}

async function send({host, signal, say}: Place, {file, size}: LocalPackage, to: string): Promise<void> {
  let sent = 0
  let said = -1
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sent += chunk.length
      const percent = Math.floor((sent / size) * 100)
      if (percent > said) say(`sending ${to.slice(to.lastIndexOf('/') + 1)} to ${host.name}: ${percent}%`)
      said = percent
      done(null, chunk)
    },
  })
  const source = createReadStream(file)
  source.once('error', (error) => counted.destroy(error))
  try {
    await host.put(source.pipe(counted), to, {signal})
  } finally {
    source.destroy()
  }
}

/** Both GNU and busybox have `sha256sum -c`; where there is none, `shasum` takes the same list. */
async function verify(place: Place, {manifest}: LocalPackage, folder: string): Promise<void> {
  place.say(`checking ${manifest.name} ${manifest.version} on ${place.host.name}`)
  const sums = manifest.files.flatMap((file) =>
    'sha256' in file ? [`${file.sha256}  ./${filesFolder}/${file.path}\n`] : [],
  )
  const script = `cd ${shellWord(folder)} && test -f ${manifestName} && if command -v sha256sum >/dev/null 2>&1
    then sha256sum -c - 2>&1; else shasum -a 256 -c - 2>&1; fi | { grep -v ': OK$'; :; }`
  const said = await runThere(place, script, `check ${manifest.name}`, {input: sums.join('')})
  const [first] = said.split('\n')
  if (first === undefined || first === '') return
  throw new DeployProblem(
    `what arrived on ${place.host.name} is not what was sent: ${first}`,
    'Is its disk full? Deploy it again.',
  )
}
