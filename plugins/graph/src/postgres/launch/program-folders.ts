import {readdirSync} from 'node:fs'
import path from 'node:path'

/** Where packages of operating systems put it, a folder for each version; then PATH. */
export function programFolders(): readonly string[] {
  const versions = [
    ...below('/usr/lib/postgresql', (name) => `${name}/bin`),
    ...below('/usr', (name) => (name.startsWith('pgsql-') ? `${name}/bin` : '')),
    ...['/opt/homebrew/opt', '/usr/local/opt'].flatMap((parent) =>
      below(parent, (name) => (name.startsWith('postgresql') ? `${name}/bin` : '')),
    ),
  ]
  return [...versions, ...(process.env['PATH'] ?? '').split(':').filter((folder) => folder !== '')]
}

function below(parent: string, inside: (name: string) => string): readonly string[] {
  try {
    return readdirSync(parent)
      .map(inside)
      .filter((found) => found !== '')
      .map((found) => path.join(parent, found))
  } catch {
    return []
  }
}
