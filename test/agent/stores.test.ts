import { join } from 'node:path'
import { EtcdStore, LmdbStore } from '@vpp-ts/agent'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EtcdServer, hasEtcd } from './etcd-server.ts'
import { temporaryFolder } from './managed.ts'
import { storeContract } from './store-contract.ts'

storeContract('LMDB', async () => {
  const folder = await temporaryFolder()
  const first = new LmdbStore(join(folder.path, 'store'))
  const second = new LmdbStore(join(folder.path, 'store'))
  return {
    first,
    second,
    async [Symbol.asyncDispose]() {
      await first.close()
      await second.close()
      await folder[Symbol.asyncDispose]()
    },
  }
})

describe.runIf(hasEtcd)('with etcd', () => {
  let server: EtcdServer
  let count = 0

  beforeAll(async () => {
    server = await EtcdServer.start()
  })

  afterAll(() => server[Symbol.asyncDispose]())

  storeContract('etcd', async () => {
    const options = { endpoints: [server.endpoint], prefix: `test${count++}` }
    const [first, second] = [new EtcdStore(options), new EtcdStore(options)]
    return await Promise.resolve({
      first,
      second,
      async [Symbol.asyncDispose]() {
        await first.close()
        await second.close()
      },
    })
  })

  it('says so when the server is gone, loses the lead, and goes on when it is back', async () => {
    const store = new EtcdStore({ endpoints: [server.endpoint], prefix: 'gone' })
    const { signal } = new AbortController()
    const leading = await store.campaign('vpp', 'one', { signal, ttl: 2000 })
    await store.put('k', 'v')
    await server.kill()
    await expect(store.get('k')).rejects.toMatchObject({ code: 'AGENT_STORE' })
    await leading.lost
    expect(leading.held).toBe(false)
    await server.launch()
    const next = await store.campaign('vpp', 'one', { signal, ttl: 2000 })
    expect(next.held).toBe(true)
    expect(await store.get('k')).toMatchObject({ value: 'v' })
    await next.resign()
    await store.close()
  })
})
