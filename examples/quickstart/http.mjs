// What the two servers have in common.

export function serve(server, port, ready) {
  server.listen(Number(port ?? 0), '127.0.0.1', () => {
    ready()
    console.log(`listening on http://127.0.0.1:${server.address().port}`)
  })
  // harness asks with SIGTERM: let what is being answered finish, then go.
  process.once('SIGTERM', () => {
    console.log('bye')
    server.close()
    server.closeIdleConnections()
  })
}

export function sendJson(response, status, body) {
  response.writeHead(status, {'content-type': 'application/json'})
  response.end(`${JSON.stringify(body, null, 2)}\n`)
}

export async function readJson(request) {
  let text = ''
  for await (const chunk of request) {
    text += chunk
    if (text.length > 100_000) throw new Error('too long')
  }
  return JSON.parse(text)
}

/** fetch that treats an answer like 404 or 500 as an error. */
export async function fetchJson(url, options) {
  const response = await fetch(url, options)
  if (!response.ok) throw new Error(`${options?.method ?? 'GET'} ${url}: ${response.status} ${response.statusText}`)
  return response.json()
}
