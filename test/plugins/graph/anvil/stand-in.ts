/**
 * Not Anvil: a program that is ready as Anvil is, and then answers nothing of what Anvil answers. `refuse`: it knows no method. `hang-up`: it ends each
 * connection. `talk`: it answers what is no JSON-RPC.
 */
export function standIn(how: 'hang-up' | 'refuse' | 'talk'): object {
  const refusal = {jsonrpc: '2.0', id: 1, error: {code: -32_601, message: 'Method not found'}}
  const answers = {
    'hang-up': 'request.socket.destroy()',
    refuse: `response.end(${JSON.stringify(JSON.stringify(refusal))})`,
    talk: `response.end('hello')`,
  }
  const program = `
    require('node:http').createServer(async (request, response) => {
      let body = ''
      for await (const piece of request) body += piece
      if (body === '') response.end()
      else ${answers[how]}
    }).listen(Number(process.argv[1]), '127.0.0.1')`
  const target = {type: 'process', binary: process.execPath, args: ['-e', program, `\${${how}.ports.rpc}`]}
  return {service_type: 'anvil', ports: {rpc: 0}, target}
}
