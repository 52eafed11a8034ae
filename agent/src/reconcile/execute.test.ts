import { VppApiError, VppError } from '@vpp-ts/runtime'
import { describe, expect, it } from 'vitest'
import { parseItem, type ItemInput } from '../kinds/item.ts'
import type { Clients, Vpp } from '../kinds/handler.ts'
import { Snapshot } from '../kinds/snapshot.ts'
import { diff } from './diff.ts'
import { execute, type Outcome } from './execute.ts'
import { objectsOfItems } from './testing/any-items.ts'

type Answer = (method: string, request: Record<string, unknown>) => object

/** A VPP whose every method is answered by one function, and that keeps the requests. */
class AskedVpp implements Vpp {
  readonly snapshot = new Snapshot()
  readonly clients: Clients
  readonly requests: { readonly method: string; readonly request: Record<string, unknown> }[] = []
  answer: Answer = () => ({ swIfIndex: this.requests.length })

  constructor() {
    const client = new Proxy(
      {},
      {
        get: (_, method: string) => async (request: Record<string, unknown>) => {
          this.requests.push({ method, request })
          // An answer never comes at once.
          await Promise.resolve()
          return this.answer(method, request)
        },
      },
    )
    this.clients = new Proxy({}, { get: () => client }) as Clients
  }

  fibSource(): Promise<number> {
    return Promise.resolve(9)
  }

  get methods(): string[] {
    return this.requests.map(({ method }) => method)
  }

  /** Brings it to these items. */
  async reach(...inputs: ItemInput[]): Promise<Outcome[]> {
    this.requests.length = 0
    const wanted = objectsOfItems(inputs.map((input) => parseItem(input)))
    return await execute(this, diff(wanted, this.snapshot), () => undefined)
  }
}

const LAN: ItemInput = { kind: 'interface', type: 'loopback', name: 'lan', addresses: ['192.0.2.1/24'] }
const BEHIND: ItemInput = { kind: 'route', prefix: '10.0.0.0/8', paths: [{ interface: 'lan' }] }
const NEXT: ItemInput = {
  kind: 'neighbour',
  interface: 'lan',
  address: '192.0.2.9',
  mac: '02:00:00:00:00:09',
}
const DROP: ItemInput = { kind: 'route', prefix: '10.9.0.0/16', drop: true }

function resultsOf(outcomes: readonly Outcome[]): Record<string, string> {
  return Object.fromEntries(outcomes.map(({ change, result }) => [`${change.kind} ${change.key}`, result]))
}

function refusal(method: string): VppApiError {
  return new VppApiError(-1, method, 0, {})
}

describe('executing changes', () => {
  it('begins nothing before what it stands on has been answered', async () => {
    const vpp = new AskedVpp()
    await vpp.reach(BEHIND, NEXT, LAN)
    const first = (method: string): number => vpp.methods.indexOf(method)
    expect(first('createLoopbackInstance')).toBe(0)
    expect(first('swInterfaceAddDelAddress')).toBeGreaterThan(first('swInterfaceSetFlags'))
    expect(first('ipNeighborAddDel')).toBeGreaterThan(first('swInterfaceAddDelAddress'))
    expect(first('ipRouteAddDelV2')).toBeGreaterThan(first('ipNeighborAddDel'))
  })

  it('asks nothing when nothing differs', async () => {
    const vpp = new AskedVpp()
    await vpp.reach(LAN, BEHIND, NEXT, DROP)
    expect(await vpp.reach(DROP, NEXT, BEHIND, LAN)).toEqual([])
    expect(vpp.methods).toEqual([])
  })

  it('lets wait what stands on something missing, and makes it when that is there', async () => {
    const vpp = new AskedVpp()
    const outcomes = await vpp.reach(BEHIND, DROP)
    expect(resultsOf(outcomes)).toEqual({ 'route 0/10.0.0.0/8': 'waiting', 'route 0/10.9.0.0/16': 'applied' })
    expect(outcomes.find(({ result }) => result === 'waiting')?.error).toEqual({
      message: 'waits for interface "lan"',
      code: 'MISSING',
    })
    expect(resultsOf(await vpp.reach(BEHIND, DROP, LAN))).toEqual({
      'interface lan': 'applied',
      'address lan/192.0.2.1/24': 'applied',
      'route 0/10.0.0.0/8': 'applied',
    })
  })

  it('goes on when VPP refuses one, tells why, and tries that one again', async () => {
    const vpp = new AskedVpp()
    const usual = vpp.answer
    vpp.answer = (method, request) => {
      if (method === 'createLoopbackInstance') throw refusal(method)
      return usual(method, request)
    }
    const outcomes = await vpp.reach(LAN, BEHIND, DROP)
    expect(resultsOf(outcomes)).toEqual({
      'interface lan': 'failed',
      'address lan/192.0.2.1/24': 'waiting',
      'route 0/10.0.0.0/8': 'waiting',
      'route 0/10.9.0.0/16': 'applied',
    })
    expect(outcomes.find(({ result }) => result === 'failed')?.error).toMatchObject({
      code: 'VPP_API_ERROR',
      retval: -1,
    })
    vpp.answer = usual
    expect(Object.values(resultsOf(await vpp.reach(LAN, BEHIND, DROP)))).toEqual([
      'applied',
      'applied',
      'applied',
    ])
  })

  it('does not make anew what could not be taken away', async () => {
    const vpp = new AskedVpp()
    await vpp.reach(LAN)
    const usual = vpp.answer
    vpp.answer = (method, request) => {
      if (method === 'deleteLoopback') throw refusal(method)
      return usual(method, request)
    }
    const outcomes = await vpp.reach({ ...LAN, instance: 7 } as ItemInput)
    expect(resultsOf(outcomes)['interface lan']).toBe('failed')
    expect(vpp.methods).not.toContain('createLoopbackInstance')
  })

  it('stops, and begins no more, when nobody knows what became of a request', async () => {
    const vpp = new AskedVpp()
    vpp.answer = () => {
      throw new VppError('VPP_REPLY_TIMEOUT', 'no reply')
    }
    await expect(vpp.reach(LAN, DROP)).rejects.toMatchObject({ code: 'VPP_REPLY_TIMEOUT' })
    expect(vpp.methods).toEqual(['createLoopbackInstance'])
    expect([...vpp.snapshot]).toEqual([])
  })

  it('asks before every request whether it may go on', async () => {
    const vpp = new AskedVpp()
    const routes = Array.from({ length: 2000 }, (_, i): ItemInput => ({
      kind: 'route',
      prefix: `10.${i >> 8}.${i & 255}.0/24`,
      drop: true,
    }))
    const wanted = objectsOfItems(routes.map((input) => parseItem(input)))
    let left = 100
    const mayGoOn = (): void => {
      if (left-- <= 0) throw new Error('no longer')
    }
    await expect(execute(vpp, diff(wanted, vpp.snapshot), mayGoOn)).rejects.toThrow('no longer')
    expect(vpp.requests).toHaveLength(100)
  })
})
