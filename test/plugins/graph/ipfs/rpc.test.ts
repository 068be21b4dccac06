import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {after, before, describe, it} from 'mocha'
import {launchIpfs, programs, type RunningIpfs} from './programs.js'

/** Published with Kubo, or answered by Kubo 0.38.2. */
const known = {
  hello: 'QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o',
  hello1: 'bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4',
  empty: 'QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH',
  emptyFolder: 'QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn',
  zeros: 'QmXXNNbwe4zzpdMg62ZXvnX1oU7MwSrQ3vAEtuwFKCm1oD',
  zerosRaw: 'QmVM1Rtk3Gawp7yHBRTvpbSzhebyEnZnPBmF5s5HtfdR3k',
  zeros1: 'bafybeifzog6lrzmqzgfrt6zipxsm23ox4owpqpv5ufmde5rebmbxg3fx7y',
  folder: 'QmaFQp5VzrVr5ES3977hFsRXaA6LfqPEAJM2PVnpZJ1A3g',
  inner: 'QmUpfpMuQrEQ2AokpMJCzPuuoTrYqBccRFUn2Y3EffVBEu',
  wrapped: 'QmZwjncip9cZki4n8vU7RHvafD5y96wGPPcnJpa4aCjhvJ',
  unknown: 'QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff55',
} as const

const hello = new Blob(['hello world\n'])
const zeros = new Blob([new Uint8Array(1_000_000)])
const files = {'d%2Fhw.txt': hello, 'd%2Fe%2Fz': zeros}

for (const program of programs)
  describe(`IPFS RPC: ${program}`, () => {
    let ipfs: RunningIpfs | undefined
    before(async () => {
      ipfs = await launchIpfs(program)
    })
    after(() => ipfs?.[Symbol.asyncDispose]())

    const running = (): RunningIpfs => {
      assert.ok(ipfs)
      return ipfs
    }
    const post = (command: string, init: RequestInit = {}): Promise<Response> =>
      fetch(`${running().url}/api/v0/${command}`, {method: 'POST', ...init})
    const json = async (command: string): Promise<unknown> => (await post(command)).json()
    const add = async (given: Readonly<Record<string, Blob>>, query = ''): Promise<readonly object[]> => {
      const body = new FormData()
      for (const [name, content] of Object.entries(given)) body.append('file', content, name)
      const text = await (await post(`add?${query}`, {body})).text()
      return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as object]))
    }
    const refusal = async (command: string, init?: RequestInit): Promise<unknown> => {
      const response = await post(command, init)
      const body = await response.text()
      const isJson = response.headers.get('content-type') === 'application/json'
      return [response.status, isJson ? (JSON.parse(body) as unknown) : body.trim()]
    }
    const failure = (Message: string): unknown => [500, {Message, Code: 0, Type: 'error'}]

    it('gives the CIDs that are known', async () => {
      assert.deepEqual(await add({'hw.txt': hello}), [{Name: 'hw.txt', Hash: known.hello, Size: '20'}])
      assert.deepEqual(await add({empty: new Blob([])}), [{Name: 'empty', Hash: known.empty, Size: '6'}])
      assert.deepEqual(await add({zeros}), [{Name: 'zeros', Hash: known.zeros, Size: '1000256'}])
      assert.deepEqual(await add({zeros}, 'raw-leaves=true'), [{Name: 'zeros', Hash: known.zerosRaw, Size: '1000208'}])
      assert.deepEqual(await add({hw: hello}, 'cid-version=1'), [{Name: 'hw', Hash: known.hello1, Size: '12'}])
      const boxed = await add({zeros}, 'cid-version=1&raw-leaves=false')
      assert.deepEqual(boxed, [{Name: 'zeros', Hash: known.zeros1, Size: '1000264'}])
    })

    it('adds folders, which follow their files', async () => {
      const lines = [
        {Name: 'd/hw.txt', Hash: known.hello, Size: '20'},
        {Name: 'd/e/z', Hash: known.zeros, Size: '1000256'},
        {Name: 'd/e', Hash: known.inner, Size: '1000305'},
        {Name: 'd', Hash: known.folder, Size: '1000422'},
      ]
      assert.deepEqual(await add(files), lines)
      const wrapped = {Name: '', Hash: known.wrapped, Size: '1000471'}
      assert.deepEqual(await add(files, 'wrap-with-directory=true'), [...lines, wrapped])
    })

    it('takes empty folders', async () => {
      const {hash, files: none} = await running().client.addFolder([])
      assert.deepEqual([hash, none], [known.emptyFolder, []])
    })

    it('tells how far it is', async () => {
      const lines = await add({zeros}, 'progress=true')
      assert.deepEqual(lines.at(-1), {Name: 'zeros', Hash: known.zeros, Size: '1000256'})
      const told = lines.slice(0, -1).map((line) => (line as {readonly Bytes: number}).Bytes)
      assert.ok(told.includes(262_144), told.join())
      assert.deepEqual(
        [...told].sort((a, b) => a - b),
        told,
      )
    })

    it('keeps nothing of what was added for its hash alone', async () => {
      const [line] = await add({random: new Blob([randomBytes(1000)])}, 'only-hash=true')
      const {Hash} = line as {readonly Hash: string}
      const missing = `block was not found locally (offline): ipld: could not find ${Hash}`
      assert.deepEqual(await refusal(`cat?arg=${Hash}`), failure(missing))
    })

    it('gives back any part of a file, byte for byte', async () => {
      const bytes = randomBytes(3_000_000)
      const {hash} = await running().client.addFile('random', bytes)
      const ranges = [
        [0, 1],
        [262_143, 2],
        [100_000, 2_800_000],
        [2_999_999, 5],
        [3_000_001, 5],
      ] as const
      for (const [offset, length] of ranges) {
        const answer = await post(`cat?arg=/ipfs/${hash}&offset=${offset}&length=${length}`)
        const got = Buffer.from(await answer.arrayBuffer())
        assert.ok(got.equals(bytes.subarray(offset, offset + length)), `${offset}+${length}`)
      }
      assert.ok((await running().client.cat(hash, {maxBytes: 3_000_000})).equals(bytes))
    })

    it('takes 100 MB, which are two levels of blocks', async () => {
      const {hash, size} = await running().client.addFile('big', Buffer.alloc(100_000_000))
      assert.deepEqual([hash, size], ['QmQR8FSHeBSuGVDuK2VfygKaM1VknzmzgFZvtQb2QFNRgS', 100_023_873])
    })

    it('finds files by their path in a folder', async () => {
      await add(files)
      const text = await running().client.cat(`${known.folder}/hw.txt`, {maxBytes: 100})
      assert.equal(text.toString(), 'hello world\n')
      const noLink = `no link named "nope" under ${known.folder}`
      assert.deepEqual(await refusal(`cat?arg=${known.folder}/nope`), failure(noLink))
      assert.deepEqual(await refusal(`cat?arg=${known.folder}`), failure('this dag node is a directory'))
      const {Objects} = (await json(`ls?arg=${known.folder}`)) as {
        readonly Objects: readonly {readonly Links: readonly Readonly<Record<string, unknown>>[]}[]
      }
      assert.deepEqual(
        Objects[0]?.Links.map(({Name, Hash, Size, Type}) => [Name, Hash, Size, Type]),
        [
          ['e', known.inner, 0, 1],
          ['hw.txt', known.hello, 12, 2],
        ],
      )
    })

    it('says at once that it does not have something', async () => {
      const missing = `block was not found locally (offline): ipld: could not find ${known.unknown}`
      assert.deepEqual(await refusal(`cat?arg=${known.unknown}`), failure(missing))
      assert.deepEqual(await refusal(`pin/add?arg=${known.unknown}`), failure(`pin: ${missing}`))
      assert.deepEqual(await refusal('cat'), [400, 'argument "ipfs-path" is required'])
    })

    it('pins, with what is below', async () => {
      await add({'p%2Fq%2Fr': new Blob(['pinned'])})
      const [, inner, outer] = (await add({'p%2Fq%2Fr': new Blob(['pinned'])})).map(
        (line) => (line as {readonly Hash: string}).Hash,
      )
      assert.ok(inner !== undefined && outer !== undefined)
      const below = {Keys: {[inner]: {Type: `indirect through ${outer}`, Name: ''}}}
      assert.deepEqual(await json(`pin/ls?arg=${inner}`), below)
      assert.deepEqual(await json(`pin/rm?arg=${outer}`), {Pins: [outer]})
      assert.deepEqual(await refusal(`pin/rm?arg=${outer}`), failure('not pinned or pinned indirectly'))
      assert.deepEqual(await refusal(`pin/ls?arg=${outer}`), failure(`path '${outer}' is not pinned`))
      assert.deepEqual(await json(`pin/add?arg=${outer}`), {Pins: [outer]})
      const own = {Keys: {[outer]: {Type: 'recursive', Name: ''}}}
      assert.deepEqual(await json(`pin/ls?arg=${outer}&type=recursive`), own)
    })

    it('writes CIDs in other ways', async () => {
      await add({hello})
      const formatted = async (query: string): Promise<unknown> => {
        const {Formatted} = (await json(`cid/format?arg=${known.hello}&${query}`)) as {readonly Formatted: string}
        return Formatted
      }
      const hex = '0170122046d44814b9c5af141c3aaab7c05dc5e844ead5f91f12858b021eba45768b4c0e'
      assert.equal(await formatted('b=base16'), `f${hex}`)
      assert.equal(await formatted('b=base32'), 'bafybeicg2rebjoofv4kbyovkw7af3rpiitvnl6i7ckcywaq6xjcxnc2mby')
      assert.equal(await formatted('b=base58btc'), 'zdj7WaCPMsy3FP2whSwpFXHjDEaTVmjnddYSn5W2Gdn4aEZFj')
      assert.equal(await formatted('v=0'), known.hello)
      assert.deepEqual(await json(`block/stat?arg=${known.hello}`), {Key: known.hello, Size: 20})
    })

    it('refuses other methods, other paths and browsers', async () => {
      assert.deepEqual(await refusal('version', {method: 'GET'}), [405, '405 - Method Not Allowed'])
      assert.deepEqual(await refusal('nope'), [404, '404 page not found'])
      for (const headers of [{origin: 'http://evil.example'}, {'user-agent': 'Mozilla/5.0'}])
        assert.deepEqual(await refusal('version', {headers}), [403, '403 - Forbidden'])
    })

    it('goes on after a request for what is no address', async () => {
      for (const where of ['//', '//:x/', '/%'])
        assert.notEqual((await fetch(`${running().url}${where}`, {method: 'POST', redirect: 'manual'})).status, 200)
      assert.equal((await post('version')).status, 200)
    })

    it('refuses what it cannot read', async () => {
      assert.deepEqual(await refusal('add'), [400, "file argument 'path' is required"])
      const wrong = 'could not convert value "maybe" to type "bool" (for option "-pin")'
      const body = new FormData()
      body.append('file', hello, 'hw.txt')
      assert.deepEqual(await refusal('add?pin=maybe', {body}), [400, wrong])
    })
  })
