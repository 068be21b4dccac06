// The application: cities and how often each was visited. GET / for people, GET /api/cities and POST /api/cities/KEY/visits for programs.
import {createServer} from 'node:http'
import {fetchJson, sendJson, serve} from './http.mjs'

const store = process.env.STORE_URL

const server = createServer(async (request, response) => {
  const {pathname} = new URL(request.url, 'http://api')
  try {
    if (pathname === '/health') return sendJson(response, 200, {ok: true, store: await fetchJson(`${store}/health`)})
    if (pathname === '/') return sendPage(response, await fetchJson(`${store}/`))
    if (pathname === '/api/cities') return sendJson(response, 200, await fetchJson(`${store}/`))
    const [, key] = /^\/api\/cities\/([a-z]+)\/visits$/.exec(pathname) ?? []
    if (key && request.method === 'POST') return sendJson(response, 200, await visit(key))
    return sendJson(response, 404, {error: 'not found', try: ['/', '/health', '/api/cities']})
  } catch (error) {
    console.error(`${request.method} ${pathname}: ${error.message}`)
    return sendJson(response, 502, {error: error.message})
  }
})

async function visit(key) {
  const city = await fetchJson(`${store}/keys/${key}`)
  const visited = {...city, visits: city.visits + 1}
  await fetchJson(`${store}/keys/${key}`, {method: 'PUT', body: JSON.stringify(visited)})
  return visited
}

function sendPage(response, cities) {
  const rows = Object.values(cities)
    .sort((a, b) => b.visits - a.visits)
    .map(({name, country, visits}) => `<tr><td>${name}<td>${country}<td class="n">${visits}`)
  response.writeHead(200, {'content-type': 'text/html; charset=utf-8'})
  response.end(`<!doctype html>
<meta charset="utf-8"><meta http-equiv="refresh" content="1"><title>harness quickstart</title>
<style>
  body {font: 18px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 4rem auto; color: #223; padding: 0 1rem}
  table {border-collapse: collapse; width: 100%} td, th {border-bottom: 1px solid #dde; padding: .4rem; text-align: left}
  .n {text-align: right; font-variant-numeric: tabular-nums} small {color: #778}
</style>
<h1>It runs.</h1>
<p>The worker visits a city every second, through this API, into the store.</p>
<table><tr><th>City<th>Country<th class="n">Visits${rows.join('')}</table>
<p><small>Now kill the harness daemon and watch: the numbers go on.</small>
`)
}

serve(server, process.env.PORT, () => console.log(`api: using the store at ${store}`))
