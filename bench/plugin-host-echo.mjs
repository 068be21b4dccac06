import {createInterface} from 'node:readline'
import {parentPort} from 'node:worker_threads'

export function processEvent(line) {
  const [, block] = /block (\d+) mined/.exec(line.text) ?? []
  return block === undefined ? undefined : {block: Number(block)}
}

if (process.argv[2] === 'worker') {
  parentPort?.on('message', ({id, line}) => parentPort?.postMessage({id, event: processEvent(line)}))
} else if (process.argv[2] === 'child') {
  createInterface({input: process.stdin}).on('line', (text) => {
    const {id, line} = JSON.parse(text)
    process.stdout.write(`${JSON.stringify({id, event: processEvent(line)})}\n`)
  })
}
