// Compiles Token.sol with the compiler of npm, solc, and writes Token.json: `npm run compile`.
import {createHash} from 'node:crypto'
import {readFile, writeFile} from 'node:fs/promises'

const source = new URL('Token.sol', import.meta.url)
const artifact = new URL('Token.json', import.meta.url)

/** Interface and bytecode of the contract: as they were compiled, or, when the source has changed since, compiled anew. */
export async function compiledToken() {
  const content = await readFile(source, 'utf8')
  const sourceHash = createHash('sha256').update(content).digest('hex')
  const known = await readFile(artifact, 'utf8').then(JSON.parse, () => ({}))
  if (known.sourceHash === sourceHash) return known
  console.log('Compiling Token.sol')
  const compiled = {sourceHash, ...(await compile(content))}
  await writeFile(artifact, `${JSON.stringify(compiled, null, 2)}\n`)
  return compiled
}

async function compile(content) {
  const {default: solc} = await import('solc').catch(() => {
    throw new Error('Token.sol has changed, and the compiler is not installed: run `npm install` first.')
  })
  const input = {
    language: 'Solidity',
    sources: {'Token.sol': {content}},
    settings: {
      evmVersion: 'paris',
      optimizer: {enabled: true},
      outputSelection: {'*': {Token: ['abi', 'evm.bytecode.object']}},
    },
  }
  const {errors = [], contracts} = JSON.parse(solc.compile(JSON.stringify(input)))
  for (const {formattedMessage} of errors) console.error(formattedMessage)
  if (errors.some(({severity}) => severity === 'error')) throw new Error('Token.sol does not compile.')
  const {abi, evm} = contracts['Token.sol'].Token
  return {abi, bytecode: `0x${evm.bytecode.object}`}
}

if (process.argv[1] === new URL(import.meta.url).pathname) await compiledToken()
