/** A key and the value that it comes to have, or had before; undefined: there is none. */
export type KeyWrite = readonly [path: string, value: string | undefined]

/** Bytes that a key and its value take beyond their own, about. */
const OVERHEAD = 64

/** The value of the store for part of a list of them. */
export function keyWritesText(writes: readonly KeyWrite[]): string {
  return JSON.stringify(writes.map(([path, value]) => (value === undefined ? [path] : [path, value])))
}

/** Reads the value of the store for part of a list. @throws SyntaxError when it is not JSON */
export function readKeyWrites(text: string): KeyWrite[] {
  const list = JSON.parse(text) as readonly (readonly [string, string?])[]
  return list.map(([path, value]) => [path, value])
}

/** Bytes that one takes in a request, about. */
export function sizeOf([path, value]: KeyWrite): number {
  return Buffer.byteLength(path) + (value === undefined ? 0 : Buffer.byteLength(value)) + OVERHEAD
}

/** Divides a list by number and size. Each part has at least one. */
export function* partsOf(
  writes: Iterable<KeyWrite>,
  most: number,
  bytes: number,
): Iterable<readonly KeyWrite[]> {
  let part: KeyWrite[] = []
  let size = 0
  for (const write of writes) {
    const next = sizeOf(write)
    if (part.length > 0 && (part.length === most || size + next > bytes)) {
      yield part
      part = []
      size = 0
    }
    part.push(write)
    size += next
  }
  if (part.length > 0) yield part
}
