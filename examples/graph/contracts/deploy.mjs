// Deploys the token with the first account of the chain, which Anvil has unlocked. The task `contracts` of harness.yaml runs it, and reads the addresses that it prints.
import {setTimeout as sleep} from 'node:timers/promises'
import {compiledToken} from './compile.mjs'

const supply = 1_000_000n
const url = process.env.ETHEREUM_URL ?? 'http://127.0.0.1:8545'

const {bytecode} = await compiledToken()
const [from] = await call('eth_accounts')
const data = bytecode + supply.toString(16).padStart(64, '0')
const hash = await call('eth_sendTransaction', {from, data})
const {status, contractAddress} = await receiptOf(hash)
if (status !== '0x1') throw new Error(`the deployment of Token was reverted: ${hash}`)
console.log(`Token deployed at ${contractAddress}`)

async function receiptOf(transaction) {
  for (;;) {
    const receipt = await call('eth_getTransactionReceipt', transaction)
    if (receipt) return receipt
    await sleep(50)
  }
}

async function call(method, ...params) {
  const body = JSON.stringify({jsonrpc: '2.0', id: 1, method, params})
  const response = await fetch(url, {method: 'POST', headers: {'content-type': 'application/json'}, body})
  const {result, error} = await response.json()
  if (error) throw new Error(`${method}: ${error.message}`)
  return result
}
