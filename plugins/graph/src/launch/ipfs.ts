// Runs IPFS as a service: Kubo where there is one, else the built-in server.
import {parseArgs} from 'node:util'
import {keptFolder, openFolder} from '../ipfs/launch/open-folder.js'
import {kuboProgram, runKubo} from '../ipfs/launch/kubo.js'
import {runBuiltIn} from '../ipfs/launch/built-in.js'
import {fail} from '../shared/launch/run-program.js'

const {values} = parseArgs({
  options: {
    from: {type: 'string', default: 'auto'},
    port: {type: 'string', default: '5001'},
    binary: {type: 'string'},
    online: {type: 'boolean', default: false},
    data: {type: 'string'},
  },
})
const {from, binary, online, data} = values
const folder = data === undefined ? await openFolder() : keptFolder(data)
const program = from === 'builtin' ? undefined : kuboProgram(binary)
const place = {...folder, port: Number(values.port)}

if (program !== undefined) await runKubo({...place, program, online})
else if (binary !== undefined) fail(`there is no program ${binary}: 'binary' of the service says that it is Kubo.`)
else if (from === 'kubo')
  fail("no 'ipfs' is in PATH: install Kubo (https://docs.ipfs.tech/install/command-line/), or say 'from: builtin'.")
else await runBuiltIn({...place, why: from === 'builtin' ? 'as asked for' : 'no Kubo found'})
