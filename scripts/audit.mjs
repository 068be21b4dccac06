// Known weaknesses of what users install: fails on high and critical ones. `npm run audit`. A registry that keeps no advisories is said, and no failure.
import {execFile} from 'node:child_process'
import {promisify} from 'node:util'
import {root} from './run.mjs'

const run = promisify(execFile)
const {stdout} = await run('npm', ['audit', '--omit', 'dev', '--json'], {cwd: root, maxBuffer: 64 * 1024 * 1024}).catch(
  (error) => error,
)
const report = parse(stdout)
const found = report.metadata?.vulnerabilities
if (found === undefined) {
  console.log(
    `npm audit: not checked, the registry does not answer it (${report.message ?? report.error?.summary ?? 'no answer'})`,
  )
} else {
  const {info, low, moderate, high, critical} = found
  console.log(`npm audit: ${critical} critical, ${high} high, ${moderate} moderate, ${low} low, ${info} info`)
  if (high + critical > 0) {
    for (const [name, {severity, via}] of Object.entries(report.vulnerabilities)) {
      console.log(`  ${name} (${severity}): ${via.map((each) => each.title ?? each).join('; ')}`)
    }
    process.exitCode = 1
  }
}

function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
