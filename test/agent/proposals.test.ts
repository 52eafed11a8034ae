import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { agentClient } from '@vpp-ts/agent/client'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from './managed.ts'
import { ask, serve } from './served.ts'

const LAN = { kind: 'interface', type: 'loopback', name: 'lan', addresses: ['192.0.2.1/24'] } as const
const OUT = { kind: 'route', prefix: '10.0.0.0/8', paths: [{ nextHop: '192.0.2.9' }] } as const
const PEER = {
  kind: 'interface',
  type: 'memif',
  name: 'peer',
  role: 'master',
  secret: 'hunter2-hunter2',
} as const

describe('plan of a change that is only proposed', () => {
  it('tells items, changes of VPP and requests, in order, and changes nothing', async () => {
    await using served = await serve()
    const client = agentClient({ url: served.url })
    const body = [LAN, OUT, PEER]
    const plan = await client.proposePlan({ body, calls: true })
    expect(plan).toMatchObject({ created: 3, changed: 0, removed: 0, conflicts: [], held: null })
    expect(plan.items.map(({ action, key }) => [action, key])).toEqual([
      ['create', 'lan'],
      ['create', '0/10.0.0.0/8'],
      ['create', 'peer'],
    ])
    const lan = plan.changes.find(({ kind, key }) => kind === 'interface' && key === 'lan')
    expect(lan).toMatchObject({ action: 'create', item: { kind: 'interface', key: 'lan' }, from: null })
    expect(lan?.calls?.map(({ message }) => message)).toContain('create_loopback_instance')
    const address = plan.changes.find(({ kind }) => kind === 'address')
    expect(address?.calls?.[0]).toMatchObject({
      message: 'sw_interface_add_del_address',
      request: { swIfIndex: 'index of interface "lan"', prefix: '192.0.2.1/24' },
    })
    expect(JSON.stringify(plan)).not.toContain('hunter2')
    expect(plan.items[2]?.diff).toContain('+secret: "********"')
    // Nothing came of it.
    expect((await client.desired()).total).toBe(0)
    expect((await client.revisions()).last).toBe(0)
    expect((await client.plan()).changes).toEqual([])
    expect(served.vpp.requests.count('create_loopback_instance')).toBe(0)
  })

  it('is what an apply does', async () => {
    await using served = await serve()
    const client = agentClient({ url: served.url })
    await client.putItems({ body: [LAN, OUT], wait: true })
    const moved = { ...LAN, addresses: ['192.0.2.2/24'] }
    const proposal = { put: [moved], drop: [{ kind: 'route', key: '0/10.0.0.0/8' }] }
    const plan = await client.proposePlan({ body: proposal })
    expect(plan).toMatchObject({ created: 0, changed: 1, removed: 1 })
    expect(plan.changes.map(({ action, kind, key }) => `${action} ${kind} ${key}`).sort()).toEqual([
      'create address lan/192.0.2.2/24',
      'delete address lan/192.0.2.1/24',
      'delete route 0/10.0.0.0/8',
    ])
    served.vpp.requests.clear()
    await client.putItems({ body: [moved], wait: true })
    await client.deleteItem({ collection: 'routes', key: '10.0.0.0/8', wait: true })
    const again = await client.proposePlan({ body: proposal.put })
    expect([again.changed, again.items, again.changes]).toEqual([0, [], []])
  })

  it('of a whole origin tells what it drops, what others keep, and what the guard would hold', async () => {
    await using served = await serve()
    const client = agentClient({ url: served.url })
    const routes = Array.from({ length: 20 }, (_, i) => ({
      kind: 'route',
      prefix: `10.${i}.0.0/16`,
      drop: true,
    }))
    await client.replaceItems({ origin: 'files', body: routes, wait: true })
    const other = { ...routes[0], drop: undefined, paths: [{ nextHop: '192.0.2.9' }] }
    const taken = await client.proposePlan({ origin: 'me', body: [other as never] })
    expect(taken).toMatchObject({ created: 0, conflicts: [{ key: '0/10.0.0.0/16', keeper: 'files' }] })
    const plan = await client.proposePlan({ origin: 'files', whole: true, body: routes.slice(0, 2) })
    expect(plan).toMatchObject({ removed: 18, created: 0, changed: 0 })
    expect(plan.held).toContain('would remove 18 of its 20 items')
    expect(plan.changes.filter(({ action }) => action === 'delete')).toHaveLength(18)
    const back = await client.proposeRollBack({ number: 0 })
    expect(back).toMatchObject({ removed: 20 })
    expect((await client.desired()).total).toBe(20)
  })

  it('refuses what is not a proposal, naming the fields', async () => {
    await using served = await serve()
    for (const [body, code] of [
      [[{ kind: 'route', prefix: 'x' }], 'AGENT_INVALID_ITEM'],
      [{ put: 7 }, 'AGENT_REQUEST'],
      [{ remove: [] }, 'AGENT_REQUEST'],
      [{ drop: [{ kind: 'route' }] }, 'AGENT_REQUEST'],
    ] as const) {
      const answer = await served.ask('POST', '/plan', body)
      expect([answer.status, answer.body]).toMatchObject([400, { code }])
    }
  })
})

describe('tokens', () => {
  const OPERATOR = 'operator-operator-operator'
  const READER = 'reader-reader-reader'

  it('of a reader reads and plans, that of an operator changes, and both learn what they are', async () => {
    await using folder = await temporaryFolder()
    writeFileSync(join(folder.path, 'token'), `${OPERATOR}\n`)
    writeFileSync(join(folder.path, 'read-token'), `${READER}\n`)
    const rest = {
      'token-file': join(folder.path, 'token'),
      'read-token-file': join(folder.path, 'read-token'),
    }
    await using served = await serve({ rest })
    const [operator, reader, stranger] = [OPERATOR, READER, `${READER}x`].map((token) =>
      agentClient({ url: served.url, token }),
    )
    expect((await operator?.info())?.role).toBe('operator')
    expect((await reader?.info())?.role).toBe('reader')
    await expect(stranger?.info()).rejects.toMatchObject({ code: 'AGENT_UNAUTHORIZED', status: 401 })
    expect(await reader?.proposePlan({ body: [LAN] })).toMatchObject({ created: 1 })
    for (const change of [
      () => reader?.putItems({ body: [LAN] }),
      () => reader?.replaceItems({ body: [LAN] }),
      () => reader?.deleteItem({ collection: 'interfaces', key: 'lan' }),
      () => reader?.rollBack({ number: 0 }),
      () => reader?.confirm(),
      () => reader?.command({ body: { command: 'show version' } }),
    ]) {
      await expect(change()).rejects.toMatchObject({ code: 'AGENT_FORBIDDEN', status: 403 })
    }
    expect(await operator?.putItems({ body: [LAN], wait: true })).toMatchObject({ accepted: 1 })
    // A page of another site has no more rights than before.
    const headers = { authorization: `Bearer ${READER}`, origin: 'http://evil.example' }
    expect((await ask(`${served.url}/plan`, 'POST', [], headers)).status).toBe(403)
  })
})
