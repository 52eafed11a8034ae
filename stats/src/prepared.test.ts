import { expect, test } from 'vitest'
import { PreparedStats, type SnapshotRunner } from './prepared.ts'
import { RETRY, SegmentReader } from './segment/reader.ts'

/** A segment with one gauge, at word 130. */
function gauge() {
  const buffer = new ArrayBuffer(4096)
  const words = new BigUint64Array(buffer)
  words.set([2n, 0x1000n, 1n, 0n, 0x1000n + 1024n])
  words[127] = 1n
  words[128] = 9n
  new Uint8Array(buffer).set(Buffer.from('/gauge'), 1024 + 16)
  const source = { buffer, refresh: () => {}, refreshHeader: () => {}, refreshRange: () => {} }
  const set = (value: bigint) => (words[129] = value)
  return { words, set, reader: new SegmentReader(source, { snapshotBytes: 1e6 }) }
}

test('what one reader has accepted is not replaced by the copy that disturbed another', async () => {
  const { words, set, reader } = gauge()
  set(1n)
  let current: SegmentReader | undefined = reader
  const runner: SnapshotRunner = {
    current: () => current,
    async run(read, accept) {
      const result = reader.attempt(() => read(reader))
      if (result === RETRY) throw new Error('disturbed')
      accept?.(result)
      // Another reader of the set, before the first has come round: VPP makes a change under its hands.
      current = reader
      set(666n)
      const attempt = reader.attempt(() => {
        read(reader)
        words[2] = 2n
      })
      expect(attempt).toBe(RETRY)
      return result
    },
  }
  const prepared = await new PreparedStats(runner, () => true).update()
  expect(prepared.get('/gauge')).toMatchObject({ value: 1n })
  current = undefined
  set(2n)
  await prepared.update()
  expect(prepared.get('/gauge')).toMatchObject({ value: 2n })
})
