import { getEventListeners } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { LmdbStore } from './lmdb-store.ts'

const TTL = 1000

it('leads on when the lease was renewed too late, but nobody took it in between', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vpp-ts-agent-'))
  const store = new LmdbStore(folder)
  try {
    const leadership = await store.campaign('vpp', 'one', { signal: new AbortController().signal, ttl: TTL })
    // As long work, or a host that sleeps, keeps the event loop.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, TTL * 1.2)
    expect(leadership.held).toBe(false)
    await vi.waitFor(() => expect(leadership.held).toBe(true))
    const soon = new Promise((resolve) => setImmediate(() => resolve('not lost')))
    expect(await Promise.race([leadership.lost, soon])).toBe('not lost')
    await leadership.resign()
    expect([leadership.held, await store.leader('vpp')]).toEqual([false, undefined])
  } finally {
    await store.close()
    await rm(folder, { recursive: true })
  }
})

it('leaves nothing with the store when it is over', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vpp-ts-agent-'))
  const store = new LmdbStore(folder)
  const listens = vi.spyOn(EventTarget.prototype, 'addEventListener')
  try {
    for (let time = 0; time < 3; time++) {
      const leadership = await store.campaign('vpp', 'one', {
        signal: new AbortController().signal,
        ttl: TTL,
      })
      await leadership.resign()
    }
    const signals = listens.mock.contexts.filter((it) => it instanceof AbortSignal)
    expect(signals.length).toBeGreaterThanOrEqual(3)
    expect(signals.flatMap((signal) => getEventListeners(signal, 'abort'))).toEqual([])
  } finally {
    listens.mockRestore()
    await store.close()
    await rm(folder, { recursive: true })
  }
})
