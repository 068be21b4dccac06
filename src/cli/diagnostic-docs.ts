import path from 'node:path'
import {packageRoot} from '../core/base/package-files.js'
import type {LocatedDiagnostic} from '../core/config/problems.js'

const page = 'docs/config.md'

/** Where the code of a problem is described, as a path within the package. */
export function docsOf({code}: Pick<LocatedDiagnostic, 'code'>): string {
  return `${page}#${code.toLowerCase()}`
}

/** Where all the codes are described, on this machine. */
export function diagnosticsPage(): string {
  return `${path.join(packageRoot, page)}#diagnostics`
}
