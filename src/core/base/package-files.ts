import {existsSync} from 'node:fs'
import path from 'node:path'
import {pathToFileURL} from 'node:url'

/** The folder of this package, in whatever file of it this code stands once it is built. */
export const packageRoot = rootOf(import.meta.dirname)

/** Where a module is that is started by its path, given as it stands in `src`, without its ending: as it was built, or as its source where that runs. */
export function moduleUrl(name: string): URL {
  const file = import.meta.url.endsWith('.ts') ? `src/${name}.ts` : `dist/${name}.js`
  return pathToFileURL(path.join(packageRoot, file))
}

/** In a bundle of somebody else's that belongs to no package: the root of the disk, where nothing is found. */
function rootOf(folder: string): string {
  const above = path.dirname(folder)
  return above === folder || existsSync(path.join(folder, 'package.json')) ? folder : rootOf(above)
}
