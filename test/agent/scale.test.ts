import { refOf, type ItemInput } from '@vpp-ts/agent'
import { Simulator } from '@vpp-ts/simulator'
import { describe, expect, it } from 'vitest'
import { items, managedAlone } from './managed.ts'

const ROUTES = 10_000
const INTERFACES = 500

describe('at scale', () => {
  it(`${ROUTES} routes over ${INTERFACES} interfaces`, { timeout: 120_000 }, async () => {
    await using vpp = await Simulator.start()
    await using managed = await managedAlone(vpp.path)
    const { instance } = managed
    const interfaces = Array.from({ length: INTERFACES }, (_, i): ItemInput => ({
      kind: 'interface',
      type: 'loopback',
      name: `link${i}`,
      addresses: [`172.16.${i >> 6}.${(i & 63) * 4 + 1}/30`],
    }))
    const routes = Array.from({ length: ROUTES }, (_, i): ItemInput => {
      const link = i % INTERFACES
      const nextHop = `172.16.${link >> 6}.${(link & 63) * 4 + 2}`
      return {
        kind: 'route',
        prefix: `20.${i >> 8}.${i & 255}.0/24`,
        paths: [{ nextHop, interface: `link${link}` }],
      }
    })
    await instance.put(items(...interfaces, ...routes))
    await instance.settled()
    expect(instance.state().items).toMatchObject({ applied: ROUTES + INTERFACES })
    expect(instance.statuses()).toHaveLength(ROUTES + INTERFACES)
    vpp.requests.clear()
    expect(await instance.resync()).toMatchObject({ applied: 0, failed: 0, waiting: 0 })
    expect(vpp.requests.count('ip_route_add_del_v2')).toBe(0)

    // One route more is one request and one question whether VPP shows it, without a look at the others.
    vpp.requests.clear()
    const [more] = items({ kind: 'route', prefix: '30.0.0.0/8', drop: true })
    if (more === undefined) throw new Error('one item')
    await instance.put([more])
    await instance.settled()
    expect(vpp.requests.count('ip_route_add_del_v2')).toBe(1)
    expect(vpp.requests.count()).toBe(2)

    await instance.delete([...(await instance.desired())].map(refOf))
    await instance.settled()
    expect([...vpp.model.interfaces]).toHaveLength(1)
    expect((await instance.actual()).filter(({ owned }) => owned)).toEqual([])
  })
})
