import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {existsSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {describe, it} from 'mocha'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Written for others' folders, not for people, or a part of a page elsewhere. */
const leftOut = /^(templates|\.changeset|test|scripts\/generate)\//

describe('the links of the documentation', () => {
  it('lead to a page that is there, and to a place in it', () => {
    const list = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {cwd: root})
    const pages = String(list)
      .split('\n')
      .filter((page) => page !== '' && !leftOut.test(page))
    assert.deepEqual(pages.flatMap(brokenLinks), [])
  })
})

function brokenLinks(page: string): readonly string[] {
  return linksOf(read(page))
    .filter((link) => !isGood(page, link))
    .map((link) => `${page}: ${link}`)
}

function isGood(page: string, link: string): boolean {
  if (/^[a-z]+:/.test(link)) return true
  const [file = '', place] = link.split('#')
  const target = file === '' ? page : path.join(path.dirname(page), file)
  if (!existsSync(path.join(root, target))) return false
  return place === undefined || !target.endsWith('.md') || placesOf(read(target)).has(place)
}

/** What stands in code is no link. */
function linksOf(text: string): readonly string[] {
  const prose = text.replace(/^```.*?^```/gms, '').replace(/`[^`\n]*`/g, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
}

/** Headings as GitHub names them, and anchors. */
function placesOf(text: string): ReadonlySet<string> {
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_\- ]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  )
  const anchors = [...text.matchAll(/<a id="([^"]+)"/g)].map(([, id = '']) => id)
  return new Set([...headings, ...anchors])
}

function read(page: string): string {
  return readFileSync(path.join(root, page), 'utf8')
}
