import {gzipSync} from 'node:zlib'

export interface TarEntry {
  readonly name: string
  readonly content?: Buffer | string
  readonly mode?: number
  /** `0`: a file, `1`: a hard link, `2`: a symbolic link, `5`: a folder. @default '0' */
  readonly type?: string
  readonly link?: string
}

/** A compressed archive of any entries whatever: also of those that no sound program writes. */
export function packed(entries: readonly TarEntry[]): Buffer {
  return gzipSync(Buffer.concat([...entries.flatMap(blocks), Buffer.alloc(1024)]))
}

function blocks({name, content = '', mode = 0o644, type = '0', link = ''}: TarEntry): readonly Buffer[] {
  const data = Buffer.from(content)
  const head = Buffer.alloc(512)
  const octal = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, '0')}\0`
  head.write(name, 0)
  head.write(octal(mode, 8), 100)
  head.write(octal(0, 8), 108)
  head.write(octal(0, 8), 116)
  head.write(octal(data.length, 12), 124)
  head.write(octal(0, 12), 136)
  head.write('        ', 148)
  head.write(type, 156)
  head.write(link, 157)
  head.write('ustar\x0000', 257)
  const sum = head.reduce((total, byte) => total + byte, 0)
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return [head, data, Buffer.alloc((512 - (data.length % 512)) % 512)]
}
