// A key-value store over HTTP: GET /, GET|PUT|DELETE /keys/NAME. All of it is kept in one JSON file.
import {mkdir, readFile, rename, writeFile} from 'node:fs/promises'
import {createServer} from 'node:http'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {readJson, sendJson, serve} from './http.mjs'

const file = path.resolve(fileURLToPath(new URL('.', import.meta.url)), process.env.DATA_FILE ?? 'data/store.json')
const entries = new Map(await load())
let saving = Promise.resolve()

const server = createServer(async (request, response) => {
  const {pathname} = new URL(request.url, 'http://store')
  try {
    sendJson(response, ...(await answer(request, pathname)))
  } catch (error) {
    console.error(`${request.method} ${pathname}: ${error.message}`)
    sendJson(response, 400, {error: error.message})
  }
})

async function answer(request, pathname) {
  if (pathname === '/health') return [200, {ok: true, keys: entries.size}]
  if (pathname === '/' && request.method === 'GET') return [200, Object.fromEntries(entries)]
  const key = pathname.startsWith('/keys/') ? decodeURIComponent(pathname.slice('/keys/'.length)) : ''
  if (key && request.method === 'GET')
    return entries.has(key) ? [200, entries.get(key)] : [404, {error: `no key ${key}`}]
  if (key && request.method === 'PUT') {
    entries.set(key, await readJson(request))
    return change(key, 'saved')
  }
  if (key && request.method === 'DELETE') {
    entries.delete(key)
    return change(key, 'removed')
  }
  return [404, {error: 'not found'}]
}

async function change(key, verb) {
  await save()
  console.log(`${verb} ${key} (${entries.size} keys)`)
  return [200, {ok: true}]
}

async function load() {
  try {
    return Object.entries(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    if (error.code === 'ENOENT') return []
    throw error
  }
}

// Written beside and renamed over: whoever kills the store finds the old file or the new one, never half of one.
function save() {
  const write = async () => {
    await mkdir(path.dirname(file), {recursive: true})
    await writeFile(`${file}.new`, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`)
    await rename(`${file}.new`, file)
  }
  saving = saving.then(write, write)
  return saving
}

serve(server, process.env.PORT, () => console.log(`store: ${entries.size} keys from ${file}`))
