const version0 = 'Qm[1-9A-HJ-NP-Za-km-z]{44}'
const version1 = 'b[a-z2-7]{20,}|k[0-9a-z]{20,}|z[1-9A-HJ-NP-Za-km-z]{20,}|f[0-9a-f]{20,}'
const cid = `(?:${version0}|${version1})`

/** A CID in a schema: both versions, in the bases in which they are commonly written. */
export const cidSchema = {
  type: 'string',
  pattern: `^${cid}$`,
  description: 'A CID: `Qm…`, or `bafy…`.',
} as const

/** A CID, or something in a folder that has one. */
export const cidPathSchema = {
  type: 'string',
  pattern: `^(?:/ipfs/)?${cid}(?:/[^/]+)*$`,
  description:
    'A CID, `Qm…` or `bafy…`; with the path of a file behind it where it is that of a folder: `Qm…/folder/file`.',
} as const
