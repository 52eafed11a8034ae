/** How bytes are packed. `deb` is a Debian package: an archive of archives. */
export type Packing = 'gzip' | 'xz' | 'zstd' | 'zip' | 'deb' | 'tar'

/** First bytes of each format. */
const MAGIC: readonly (readonly [packing: Packing, at: number, bytes: string])[] = [
  ['gzip', 0, '\u001F\u008B'],
  ['xz', 0, '\u00FD7zXZ\0'],
  ['zstd', 0, '(\u00B5/\u00FD'],
  ['zip', 0, 'PK\u0003\u0004'],
  ['zip', 0, 'PK\u0005\u0006'],
  ['deb', 0, '!<arch>\n'],
  ['tar', 257, 'ustar'],
]

/** How the bytes that begin with `head` are packed; undefined for anything else. */
export function packingOf(head: Uint8Array): Packing | undefined {
  const text = Buffer.from(head.buffer, head.byteOffset, head.length).toString('latin1')
  return MAGIC.find(([, at, bytes]) => text.startsWith(bytes, at))?.[0]
}

/** Formats that hold one stream and no files. */
export type Compression = Extract<Packing, 'gzip' | 'xz' | 'zstd'>

/** True for a format that holds one stream and no files. */
export function isCompression(packing: Packing | undefined): packing is Compression {
  return packing === 'gzip' || packing === 'xz' || packing === 'zstd'
}
