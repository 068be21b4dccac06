// Changesets leaves the root package out of a repository with workspaces. While it runs, the root is named as one: `npm run changeset -- version`.
import {spawnSync} from 'node:child_process'
import {readFileSync, writeFileSync} from 'node:fs'

const workspaces = setWorkspaces((usual) => ['.', ...usual])
try {
  process.exitCode = spawnSync('changeset', process.argv.slice(2), {stdio: 'inherit'}).status ?? 1
} finally {
  setWorkspaces(() => workspaces)
}

/** Answers what stood there before. */
function setWorkspaces(next) {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
  const before = manifest.workspaces
  writeFileSync('package.json', `${JSON.stringify({...manifest, workspaces: next(before)}, null, 2)}\n`)
  return before
}
