/** The first entry of an archive, and what stands beside `files/` where it is unpacked. */
export const manifestName = 'manifest.json'
/** What the package installs lies beneath, so that a package may have a `manifest.json` of its own. */
export const filesFolder = 'files'
/** The same for all entries: what is built twice is the same, byte for byte. Not 0, which archive programs warn of. */
export const entryTime = new Date(Date.UTC(1980, 0, 1))
/** In bytes. */
export const manifestLimit = 16 * 1024 * 1024
