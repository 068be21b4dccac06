// Runs Anvil as a service.
import {findBinary} from '../shared/launch/find-binary.js'
import {endLike, fail, RunningProgram} from '../shared/launch/run-program.js'

const program = findBinary({name: 'anvil', packages: [{name: '@foundry-rs/anvil-linux-amd64', file: 'bin/anvil'}]})
if (program === undefined) fail('anvil was not found.')
endLike(await new RunningProgram({program, args: process.argv.slice(2), stopSignal: 'SIGTERM'}).ended)
