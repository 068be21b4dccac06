// Builds and tests on every supported version of Node: `npm run test:matrix [-- 22 24]`.
// The npm packages node-<platform>-<arch> carry the binaries. The package `node` itself only puts them in place with an install
// script, which newer versions of npm may not run.
import {mkdir} from 'node:fs/promises'
import path from 'node:path'
import {root, run} from './run.mjs'

const wanted = process.argv.slice(2)
const versions = wanted.length > 0 ? wanted : ['20.19', '22', '24']
const rows = []
for (const version of versions) rows.push(await tryOn(version))

console.table(Object.fromEntries(rows.map(({version, ...row}) => [`Node ${version}`, row])))
process.exitCode = rows.every(({result}) => result === 'passed') ? 0 : 1

async function tryOn(version) {
  const folder = path.join(root, 'node_modules', '.cache', 'node-versions', version)
  await mkdir(folder, {recursive: true})
  const name = `node-${process.platform}-${process.arch}`
  const install = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts']
  const installed = await run('npm', [...install, `${name}@${version}`], {env: withoutNpm()})
  const bin = path.join(folder, 'node_modules', name, 'bin')
  const env = {...withoutNpm(), PATH: `${bin}${path.delimiter}${process.env.PATH}`}
  // What a script of the package would run on, which is what is to be tested.
  const answer = await run('npm', ['exec', '--call', 'node --print process.version'], {env})
  const runs = /^v\d+\.\d+\.\d+$/m.exec(answer.output)?.[0] ?? 'unknown'
  if (!installed.ok || !runs.startsWith(`v${version}.`)) {
    console.error(`${installed.output}\n${answer.output}`)
    return {version, runs, result: 'not installed'}
  }
  console.log(`Node ${runs} …`)
  const build = await run('npm', ['run', 'build'], {env})
  const test = build.ok ? await run('npm', ['test'], {env}) : {ok: false, output: '', seconds: 0}
  if (!test.ok) console.error(`${build.output}${test.output}`)
  return {
    version,
    runs,
    result: test.ok ? 'passed' : build.ok ? 'tests failed' : 'build failed',
    passing: count(test.output, 'passing'),
    failing: count(test.output, 'failing'),
    pending: count(test.output, 'pending'),
    seconds: Math.round(build.seconds + test.seconds),
  }
}

function count(output, word) {
  return Number(new RegExp(`(\\d+) ${word}`).exec(output)?.[1] ?? 0)
}

/** The environment without what the npm that started us tells its scripts; its settings stay. */
function withoutNpm() {
  const ours = (name) => name === 'NODE' || (/^npm_/.test(name) && !/^npm_config_/.test(name))
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours(name)))
}
