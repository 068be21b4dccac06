import {findPrograms, npmPackage, type Programs} from './find-programs.js'
import type {LaunchOptions} from './options.js'

/** The PostgreSQL to run. Throws when there is none, with what to type next. @param kept the version that has made the data */
export function choosePrograms(options: LaunchOptions, kept: number | undefined): Programs {
  const all = findPrograms(options)
  const wanted = kept ?? (options.version === undefined ? undefined : Number.parseInt(options.version))
  const found = wanted === undefined ? all[0] : all.find(({major}) => major === wanted)
  if (found) return found
  const what = `PostgreSQL${wanted === undefined ? '' : ` ${wanted}`}`
  const why = kept === undefined ? '' : ', which has made the data that is kept,'
  const others = [...new Set(all.map(({major}) => major))]
  const instead = others.length === 0 ? '' : ` There is ${others.join(', ')}.`
  throw new Error(`${what}${why} was not found ${whereOf(options)}.${instead} ${nextOf(options, wanted)}`)
}

function whereOf({from, binary}: LaunchOptions): string {
  if (binary !== undefined) return `at ${binary}`
  return {
    npm: `in the node_modules of the stack (${npmPackage})`,
    local: 'on this machine (/usr/lib/postgresql, PATH)',
    auto: `on this machine (${npmPackage} in node_modules, /usr/lib/postgresql, PATH)`,
    docker: 'on this machine',
  }[from]
}

function nextOf({binary}: LaunchOptions, wanted: number | undefined): string {
  if (binary !== undefined) return `Correct 'binary' in the config of the service: the folder with postgres and initdb.`
  const apt = `apt install postgresql${wanted === undefined ? '' : `-${wanted}`}`
  // All of its versions are called betas, which no range takes.
  const npm = `npm i -D ${npmPackage}${wanted === undefined ? '' : '@VERSION'}`
  return `Type \`${apt}\`, or \`${npm}\` beside the stack file, or write \`from: docker\` in the config of the service.`
}
