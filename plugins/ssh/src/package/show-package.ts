import type {ReadPackage} from './archive/read-archive.js'
import type {Manifest} from './manifest.js'

/** For programs. */
export function packageSummary({manifest, size, sha256}: ReadPackage) {
  const {name, version, files} = manifest
  return {name, version, files: files.length, size, sha256}
}

/** For people. */
export function packageLines({manifest, size, sha256}: ReadPackage): readonly string[] {
  const {name, version, files} = manifest
  return [
    `name     ${name}`,
    `version  ${version}`,
    `files    ${files.length}`,
    `size     ${size} bytes`,
    `sha256   ${sha256}`,
  ]
}

export function fileLines({files}: Manifest): readonly string[] {
  return files.map((file) =>
    'link' in file ? `link ${file.path} -> ${file.link}` : `${file.mode}  ${file.path} (${file.size} bytes)`,
  )
}
