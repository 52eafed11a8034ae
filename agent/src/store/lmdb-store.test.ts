import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LmdbStore } from './lmdb-store.ts'

describe('a scan of a store on disk', () => {
  it('reads no more at a stretch where values are long', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vpp-ts-store-'))
    const store = new LmdbStore(folder)
    try {
      const value = 'x'.repeat(200_000)
      const keys = Array.from({ length: 20 }, (_, at) => `part/${String(at).padStart(2, '0')}`)
      await store.transact(keys.map((key) => ({ type: 'put', key, value })))
      const seen: string[] = []
      for await (const { entries } of store.scan('part/')) {
        expect(entries.reduce((sum, entry) => sum + entry.value.length, 0)).toBeLessThan(1_000_000)
        seen.push(...entries.map(({ key }) => key))
      }
      expect(seen).toEqual(keys)
    } finally {
      await store.close()
      await rm(folder, { recursive: true })
    }
  })
})
