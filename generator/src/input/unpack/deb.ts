import type { Budget } from './budget.ts'

const GLOBAL_HEADER = 8
const MEMBER_HEADER = 60

/**
 * The archive of files inside a Debian package: its member `data.tar`, however compressed. The format is that of `ar`: a
 * header of 60 bytes of text before each member, whose size is in decimal digits at 48; members begin at even offsets.
 */
export async function* debData(
  chunks: AsyncIterable<Uint8Array>,
  budget: Budget,
): AsyncGenerator<Uint8Array, void> {
  let buffered = Buffer.alloc(0)
  let skip = GLOBAL_HEADER
  let left: number | undefined
  for await (const chunk of chunks) {
    buffered = buffered.length === 0 ? Buffer.from(chunk) : Buffer.concat([buffered, chunk])
    for (;;) {
      const passed = Math.min(skip, buffered.length)
      skip -= passed
      buffered = buffered.subarray(passed)
      if (left !== undefined) {
        const part = buffered.subarray(0, left)
        left -= part.length
        buffered = buffered.subarray(part.length)
        yield part
        if (left === 0) return
        break
      }
      if (skip > 0 || buffered.length < MEMBER_HEADER) break
      const { name, size } = memberOf(buffered, budget)
      buffered = buffered.subarray(MEMBER_HEADER)
      if (name.startsWith('data.tar')) left = size
      else skip = size + (size % 2)
    }
  }
  throw budget.fail(left === undefined ? 'the Debian package has no data.tar' : 'it was cut short')
}

function memberOf(header: Buffer, budget: Budget): { readonly name: string; readonly size: number } {
  const text = header.toString('latin1', 0, MEMBER_HEADER)
  const size = Number(text.slice(48, 58).trim())
  if (!text.endsWith('`\n') || !Number.isSafeInteger(size) || size < 0)
    throw budget.fail('the Debian package is damaged')
  return { name: text.slice(0, 16).trim().replace(/\/$/, ''), size }
}
