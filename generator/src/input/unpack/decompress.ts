import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { Compression } from './format.ts'

/** Decompresses a stream, only as fast as it is read. */
export function decompress(
  chunks: AsyncIterable<Uint8Array>,
  compression: Compression,
): AsyncIterable<Uint8Array> {
  switch (compression) {
    case 'gzip':
      return gunzip(chunks)
    case 'xz':
      return unxz(chunks)
    case 'zstd':
      return unzstd(chunks)
  }
}

async function* gunzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const source = Readable.from(chunks, { objectMode: false })
  const stream = createGunzip()
  source.on('error', (error) => stream.destroy(error))
  try {
    yield* source.pipe(stream) as AsyncIterable<Uint8Array>
  } finally {
    source.destroy()
  }
}

async function* unxz(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const { XzReadableStream } = await import('xz-decompress')
  const reader = new XzReadableStream(webStream(chunks)).getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

function webStream(chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await iterator.next()
      if (next.done === true) controller.close()
      else controller.enqueue(next.value)
    },
    async cancel() {
      await iterator.return?.()
    },
  })
}

/** A block of four bytes may stand for 128 KB: this many at a time cannot unpack to more than some MB. */
const ZSTD_STEP = 256

async function* unzstd(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const { Decompress } = await import('fzstd')
  const ready: Uint8Array[] = []
  const stream = new Decompress((part) => void ready.push(part))
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += ZSTD_STEP) {
      stream.push(chunk.subarray(at, at + ZSTD_STEP))
      yield* ready.splice(0)
    }
  }
  stream.push(new Uint8Array(0), true)
  yield* ready.splice(0)
}
