/** Bytes that identify every format that is known: those of tar lie at 257. */
export const HEAD_BYTES = 262

/** The first bytes of a stream, and the stream with these bytes still in it. */
export interface Peeked {
  /** Shorter than was asked for when the stream is. */
  readonly head: Uint8Array
  readonly chunks: AsyncIterable<Uint8Array>
}

/** Reads the first bytes of a stream without taking them away. */
export async function peek(source: AsyncIterable<Uint8Array>, length = HEAD_BYTES): Promise<Peeked> {
  const iterator = source[Symbol.asyncIterator]()
  const read: Uint8Array[] = []
  let bytes = 0
  while (bytes < length) {
    const next = await iterator.next()
    if (next.done === true) break
    read.push(next.value)
    bytes += next.value.length
  }
  const head = Buffer.concat(read).subarray(0, length)
  return { head, chunks: resumed(read, iterator) }
}

async function* resumed(
  read: readonly Uint8Array[],
  iterator: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  try {
    yield* read
    for (;;) {
      const next = await iterator.next()
      if (next.done === true) return
      yield next.value
    }
  } finally {
    await iterator.return?.()
  }
}

/** A stream's bytes in one piece. */
export async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of source) chunks.push(chunk)
  return Buffer.concat(chunks)
}
