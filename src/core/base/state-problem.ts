import path from 'node:path'
import {HarnessError, messageOf, systemCode} from './errors.js'

const inWords: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'its file system is read-only',
  ENOTDIR: 'a part of its path is not a directory',
  EISDIR: 'a directory lies where a file is expected',
  ELOOP: 'it is a symbolic link, or its path is a circle of them',
  ENAMETOOLONG: 'its path is too long',
  ENOSPC: 'no space is left on its disk',
  EDQUOT: 'the quota of its disk is used up',
  ENOENT: 'a part of its path cannot be made',
}

/** What the system says about a path of the state directory, as STATE_UNSAFE with its reason in words. Errors of another kind stay what they are. */
export function stateProblem(file: string, error: unknown): unknown {
  const code = systemCode(error)
  if (code === undefined || !/^E[A-Z\d]+$/.test(code)) return error
  return new HarnessError('STATE_UNSAFE', {
    subject: file,
    reason: inWords[code] ?? messageOf(error),
    hint: hintFor(code, file),
    cause: error,
  })
}

const lineBreaks: Readonly<Record<string, string>> = {'\n': '\\n', '\r': '\\r'}

/** Shims and scripts read paths by the line. `from`: the variable that the path comes from. STATE_UNSAFE for one with a line break. */
export function refuseLineBreak(directory: string, from?: string): void {
  const found = [...new Set(directory.match(/[\n\r]/g))].map((sign) => lineBreaks[sign] ?? '')
  if (found.length === 0) return
  throw new HarnessError('STATE_UNSAFE', {
    subject: directory.replace(/[\n\r]/g, (sign) => lineBreaks[sign] ?? ''),
    reason: `the path${from === undefined ? '' : ` that comes from ${from}`} has a line break in it (${found.join(', ')})`,
    hint: 'Choose a directory without one: `export HARNESS_STATE_DIR=DIR`.',
  })
}

const another = 'choose another directory with `export HARNESS_STATE_DIR=DIR`.'

function hintFor(code: string, file: string): string {
  if (code === 'EACCES' || code === 'EPERM') {
    return `See whose it is with \`ls -ld '${path.dirname(file)}' '${file}'\`, or ${another}`
  }
  if (code === 'ENOSPC' || code === 'EDQUOT') return `Free some space (see \`df -h\`), or ${another}`
  if (code === 'EISDIR') return `Run \`mv '${file}' '${file}.old'\`, or ${another}`
  return `See what lies there with \`ls -ld '${path.dirname(file)}' '${file}'\`, or ${another}`
}
