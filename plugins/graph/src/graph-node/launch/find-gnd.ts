import {findBinary} from '../../shared/launch/find-binary.js'

/** The program, or an error that says what else there is. */
export function findGnd(given: string | undefined): string {
  const found = findBinary({given, name: 'gnd', packages: [{name: '@graphprotocol/gnd-linux-x64', file: 'bin/gnd'}]})
  if (found !== undefined) return found
  const hint = 'or write `from: docker` in the `config` of the service'
  if (given !== undefined) throw new Error(`There is no program '${given}' (\`binary\` in the config of the service)`)
  if (process.platform === 'linux' && process.arch === 'x64')
    throw new Error(`gnd was not found: type \`npm install @graphprotocol/gnd-linux-x64\`, ${hint}`)
  throw new Error(
    `npm has no gnd for ${process.platform}-${process.arch}: write \`from: docker\` in the \`config\` of the service, or name a gnd of your own with \`binary\``,
  )
}
