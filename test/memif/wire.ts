/** Control messages of memif 2.0, written from the protocol's tables and not with the code under test. */

type Field = readonly [offset: number, bytes: 1 | 2 | 4 | 8, value: number]

const MESSAGE_BYTES = 128
const COOKIE = 0x03e31f20

/** Bytes of a ring of 2^`log2` slots. */
export const ringBytes = (log2: number): number => 128 + 16 * 2 ** log2

function message(id: number, fields: readonly Field[] = [], text: Readonly<Record<number, string>> = {}) {
  const bytes = Buffer.alloc(MESSAGE_BYTES)
  bytes.writeUInt16LE(id, 0)
  for (const [offset, size, value] of fields) {
    if (size === 8) bytes.writeBigUInt64LE(BigInt(value), offset)
    else bytes.writeUIntLE(value, offset, size)
  }
  for (const [offset, value] of Object.entries(text)) bytes.write(value, Number(offset))
  return bytes
}

export const ack = (): Buffer => message(1)

export const hello = (rings = 255, log2 = 14): Buffer =>
  message(
    2,
    [
      [34, 2, 0x200],
      [36, 2, 0x200],
      [38, 2, 255],
      [40, 2, rings],
      [42, 2, rings],
      [44, 1, log2],
    ],
    { 2: 'raw server' },
  )

export const init = (id: number, mode = 0, secret = ''): Buffer =>
  message(
    3,
    [
      [2, 2, 0x200],
      [4, 4, id],
      [8, 1, mode],
    ],
    { 9: secret, 33: 'raw client' },
  )

export const addRegion = (index: number, bytes: number): Buffer =>
  message(4, [
    [2, 2, index],
    [4, 8, bytes],
  ])

export const addRing = (
  direction: 'c2s' | 's2c',
  index: number,
  region: number,
  offset: number,
  log2: number,
): Buffer =>
  message(5, [
    [2, 2, direction === 'c2s' ? 1 : 0],
    [4, 2, index],
    [6, 2, region],
    [8, 4, offset],
    [12, 1, log2],
  ])

export const connect = (): Buffer => message(6, [], { 2: 'raw0' })

export const connected = (): Buffer => message(7, [], { 2: 'raw0' })

export const disconnect = (reason: string): Buffer => message(8, [], { 6: reason })

/** Puts the header of an empty ring to `offset` of a region. */
export function formatRing(region: Uint8Array, offset: number): void {
  const view = new DataView(region.buffer, region.byteOffset + offset)
  view.setUint32(0, COOKIE, true)
}
