// The least that a start can cost with Node: each service by one spawn, nothing kept, nobody told.
import {spawn} from 'node:child_process'

for (const [program, ...args] of JSON.parse(process.argv[2])) {
  spawn(program, args, {stdio: 'ignore', detached: true}).unref()
}
