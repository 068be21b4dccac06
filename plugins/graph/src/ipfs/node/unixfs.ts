import {decode, encode} from './protobuf.js'

/** What the data of a node says of the file or folder. https://specs.ipfs.tech/unixfs/ */
export interface UnixFs {
  readonly kind: 'file' | 'folder' | 'other'
  readonly data: Buffer
  /** Of the file, in bytes. */
  readonly fileSize: number
  /** How many bytes of the file are below each link. */
  readonly blockSizes: readonly number[]
}

const [rawType, folderType, fileType] = [0, 1, 2]

export function encodeFile({data, fileSize, blockSizes}: Omit<UnixFs, 'kind'>): Buffer {
  return encode([
    {number: 1, value: fileType},
    ...(data.length === 0 ? [] : [{number: 2, value: data}]),
    {number: 3, value: fileSize},
    ...blockSizes.map((value) => ({number: 4, value})),
  ])
}

export function encodeFolder(): Buffer {
  return encode([{number: 1, value: folderType}])
}

/** Throws for what is no such data. */
export function decodeUnixFs(bytes: Buffer): UnixFs {
  const fields = decode(bytes)
  const one = (wanted: number): Buffer | number | undefined => fields.find(({number}) => number === wanted)?.value
  const [type, data, fileSize] = [one(1), one(2), one(3)]
  return {
    kind: type === folderType ? 'folder' : type === fileType || type === rawType ? 'file' : 'other',
    data: data instanceof Buffer ? data : Buffer.alloc(0),
    fileSize: typeof fileSize === 'number' ? fileSize : 0,
    blockSizes: fields.flatMap(({number, value}) => (number === 4 && typeof value === 'number' ? [value] : [])),
  }
}
