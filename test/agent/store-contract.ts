import { AgentError, type Store, type StoreChange } from '@vpp-ts/agent'
import { describe, expect, it } from 'vitest'

/** Two stores on the same data, as two agents have them. */
export interface StorePair extends AsyncDisposable {
  readonly first: Store
  readonly second: Store
}

async function take(changes: AsyncIterable<readonly StoreChange[]>, count: number): Promise<StoreChange[]> {
  const taken: StoreChange[] = []
  for await (const some of changes) {
    expect(some).not.toEqual([])
    if (taken.push(...some) >= count) return taken
  }
  return taken
}

/** What every store must do. */
export function storeContract(name: string, open: () => Promise<StorePair>): void {
  describe(`${name} as a store`, () => {
    it('keeps what is put, for others too', async () => {
      await using pair = await open()
      const { first, second } = pair
      expect(await first.get('a/1')).toBeUndefined()
      const revision = await first.put('a/1', 'one')
      expect(await second.get('a/1')).toEqual({ key: 'a/1', value: 'one', revision })
      const later = await second.put('a/1', 'uno')
      expect(later).toBeGreaterThan(revision)
      expect(await first.get('a/1')).toMatchObject({ value: 'uno', revision: later })
      expect(await first.delete('a/1')).toBe(true)
      expect(await first.delete('a/1')).toBe(false)
      expect(await second.get('a/1')).toBeUndefined()
    })

    it('lists by prefix in the order of keys', async () => {
      await using pair = await open()
      const { first } = pair
      for (const key of ['a/2', 'b/1', 'a/10', 'a', 'a0']) await first.put(key, key)
      const { entries, revision } = await first.list('a/')
      expect(entries.map(({ key }) => key)).toEqual(['a/10', 'a/2'])
      expect(revision).toBeGreaterThanOrEqual(entries[0]?.revision ?? Infinity)
      expect((await first.list('c/')).entries).toEqual([])
    })

    it('lists thousands', async () => {
      await using pair = await open()
      const { first, second } = pair
      const keys = Array.from({ length: 2500 }, (_, i) => `many/${String(i).padStart(5, '0')}`)
      for (let at = 0; at < keys.length; at += 100) {
        const part = keys.slice(at, at + 100)
        await first.transact(part.map((key) => ({ type: 'put', key, value: key.repeat(20) })))
      }
      expect((await second.list('many/')).entries.map(({ key }) => key)).toEqual(keys)
    })

    it('swaps only what is as expected', async () => {
      await using pair = await open()
      const { first, second } = pair
      const made = await first.compareAndSwap('k', undefined, '1')
      expect(made).toBeDefined()
      expect(await second.compareAndSwap('k', undefined, '2')).toBeUndefined()
      const swapped = await second.compareAndSwap('k', made, '2')
      expect(swapped).toBeGreaterThan(made ?? Infinity)
      expect(await first.compareAndSwap('k', made, undefined)).toBeUndefined()
      expect(await first.get('k')).toMatchObject({ value: '2' })
      expect(await first.compareAndSwap('k', swapped, undefined)).toBeDefined()
      expect(await first.get('k')).toBeUndefined()
    })

    it('counts right when two swap at once', async () => {
      await using pair = await open()
      const { first, second } = pair
      const add = async (store: Store): Promise<void> => {
        for (;;) {
          const entry = await store.get('n')
          const next = String(Number(entry?.value ?? 0) + 1)
          if ((await store.compareAndSwap('n', entry?.revision, next)) !== undefined) return
        }
      }
      await Promise.all(Array.from({ length: 20 }, (_, i) => add(i % 2 === 0 ? first : second)))
      expect(await first.get('n')).toMatchObject({ value: '20' })
    })

    it('changes all of a transaction or nothing', async () => {
      await using pair = await open()
      const { first, second } = pair
      const revision = await first.put('x', '1')
      const operations = [
        { type: 'put', key: 'y', value: 'y' },
        { type: 'delete', key: 'x' },
      ] as const
      expect(await second.transact(operations, [{ key: 'x', revision: revision + 1 }])).toBeUndefined()
      expect(await second.get('y')).toBeUndefined()
      expect(
        await second.transact(operations, [
          { key: 'x', revision },
          { key: 'y', revision: undefined },
        ]),
      ).toBeDefined()
      expect(await first.get('x')).toBeUndefined()
      expect(await first.get('y')).toMatchObject({ value: 'y' })
    })

    it('refuses what one transaction cannot take', async () => {
      await using pair = await open()
      const { first } = pair
      const most = Math.min(first.maximumOperations, 100_000)
      const puts = (count: number) =>
        Array.from({ length: count }, (_, i) => ({ type: 'put', key: `t/${i}`, value: '' }) as const)
      expect(await first.transact(puts(most))).toBeDefined()
      if (Number.isFinite(first.maximumOperations)) {
        await expect(first.transact(puts(most + 1))).rejects.toMatchObject({ code: 'AGENT_STORE_TOO_MANY' })
      }
    })

    it('scans page by page, and gets some of many keys', async () => {
      await using pair = await open()
      const { first, second } = pair
      const keys = Array.from({ length: 2500 }, (_, i) => `many/${String(i).padStart(5, '0')}`)
      for (let at = 0; at < keys.length; at += 100) {
        const part = keys.slice(at, at + 100)
        await first.transact(part.map((key) => ({ type: 'put', key, value: key })))
      }
      const seen: string[] = []
      const revisions = new Set<number>()
      let pages = 0
      for await (const { entries, revision } of second.scan('many/')) {
        // What is written while pages are read is not in them.
        if (pages++ === 0) await first.put('many/99999', 'later')
        seen.push(...entries.map(({ key }) => key))
        revisions.add(revision)
      }
      expect(seen).toEqual(keys)
      expect(pages).toBeGreaterThan(1)
      expect(revisions.size).toBe(1)
      const some = await second.getMany(['many/00001', 'many/none', 'many/02499'])
      expect(some.map(({ value }) => value).sort()).toEqual(['many/00001', 'many/02499'])
      for await (const { entries } of second.scan('none/')) expect(entries).toEqual([])
    })

    it('refuses what is too large without any harm', async () => {
      await using pair = await open()
      const { first } = pair
      const value = 'x'.repeat(first.maximumBytes + 1)
      if (value.length < 2 ** 22) {
        await expect(first.put('large', value)).rejects.toMatchObject({ code: 'AGENT_STORE_TOO_LARGE' })
      }
      await first.put('small', 'one')
      expect(await first.get('small')).toMatchObject({ value: 'one' })
    })

    it('tells watchers everything, in order, from a listing on', async () => {
      await using pair = await open()
      const { first, second } = pair
      await first.put('w/0', 'before')
      const { revision: after } = await first.list('w/')
      await second.put('w/1', 'one')
      await first.put('other', 'not told')
      await second.delete('w/0')
      const ended = new AbortController()
      const told = take(second.watch('w/', { signal: ended.signal, after }), 3)
      await first.put('w/2', 'two')
      const changes = await told
      expect(changes.map((change) => (change.type === 'put' ? change.entry.key : change.type))).toEqual([
        'w/1',
        'delete',
        'w/2',
      ])
      const revisions = changes.map((change) =>
        change.type === 'put' ? change.entry.revision : change.type === 'delete' ? change.revision : -1,
      )
      expect(revisions).toEqual(revisions.toSorted((a, b) => a - b))
      ended.abort()
    })

    it('tells of more changes than it tells of at a time, and of each key as it is', async () => {
      await using pair = await open()
      const { first, second } = pair
      const { revision: after } = await first.list('w/')
      const keys = Array.from({ length: 5000 }, (_, i) => `w/${i}`)
      const most = Math.min(first.maximumOperations, keys.length)
      for (let at = 0; at < keys.length; at += most) {
        const part = keys.slice(at, at + most)
        await first.transact(part.map((key) => ({ type: 'put', key, value: 'first' })))
      }
      await first.put('w/7', 'second')
      await second.delete('w/8')
      const state = new Map<string, string>()
      const ended = new AbortController()
      for await (const some of second.watch('w/', { signal: ended.signal, after })) {
        for (const change of some) {
          if (change.type === 'put') state.set(change.entry.key, change.entry.value)
          if (change.type === 'delete') state.delete(change.key)
          if (change.type === 'delete') ended.abort()
        }
      }
      expect(state.size).toBe(keys.length - 1)
      expect([state.get('w/6'), state.get('w/7'), state.get('w/8')]).toEqual(['first', 'second', undefined])
    })

    it('ends a watch with its signal, and with the store', async () => {
      await using pair = await open()
      const { first } = pair
      const ended = new AbortController()
      const one = take(first.watch('w/', { signal: ended.signal }), 1)
      const other = take(first.watch('w/', { signal: new AbortController().signal }), 1)
      ended.abort()
      expect(await one).toEqual([])
      await first.close()
      expect(await other).toEqual([])
      await expect(first.get('x')).rejects.toThrow(AgentError)
    })

    it('has one leader at a time', async () => {
      await using pair = await open()
      const { first, second } = pair
      const { signal } = new AbortController()
      expect(await first.leader('vpp')).toBeUndefined()
      const leading = await first.campaign('vpp', 'one', { signal, ttl: 2000 })
      expect(leading.held).toBe(true)
      expect(await second.leader('vpp')).toBe('one')
      let won = false
      const waiting = second.campaign('vpp', 'two', { signal, ttl: 2000 }).then((leadership) => {
        won = true
        return leadership
      })
      // Longer than the lease: it is renewed.
      await new Promise((resolve) => setTimeout(resolve, 3000))
      expect(won).toBe(false)
      expect(leading.held).toBe(true)
      await leading.resign()
      expect(leading.held).toBe(false)
      await leading.lost
      const next = await waiting
      expect(next.held).toBe(true)
      expect(await first.leader('vpp')).toBe('two')
      await next.resign()
    })

    it('gives up a campaign with its signal', async () => {
      await using pair = await open()
      const { first, second } = pair
      const leading = await first.campaign('vpp', 'one', { signal: new AbortController().signal })
      const ended = new AbortController()
      const waiting = second.campaign('vpp', 'two', { signal: ended.signal })
      ended.abort(new Error('enough'))
      await expect(waiting).rejects.toThrow('enough')
      await leading.resign()
    })

    it('has a leader again when the leader is gone without a word', async () => {
      await using pair = await open()
      const { first, second } = pair
      const { signal } = new AbortController()
      const leading = await first.campaign('vpp', 'one', { signal, ttl: 2000 })
      await first.close()
      expect(leading.held).toBe(false)
      const next = await second.campaign('vpp', 'two', { signal, ttl: 2000 })
      expect(next.held).toBe(true)
      await next.resign()
    })
  })
}
