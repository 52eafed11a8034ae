import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { VppConnection } from '@vpp-ts/runtime'
import { AclClient } from '@vpp-ts/binapi-acl'
import { AclAction } from '@vpp-ts/binapi-acl-types'
import { FibPathType } from '@vpp-ts/binapi-fib-types'
import {
  InterfaceClient,
  type SwInterfaceEvent,
  WantInterfaceEvents,
  WantInterfaceEventsReply,
} from '@vpp-ts/binapi-interface'
import { IfStatusFlags } from '@vpp-ts/binapi-interface-types'
import { IpClient, IpRouteAddDel, IpRouteAddDelReply } from '@vpp-ts/binapi-ip'
import { IpNeighborClient } from '@vpp-ts/binapi-ip-neighbor'
import { L2Client } from '@vpp-ts/binapi-l2'
import { ControlPing, ControlPingReply, MemclntClient } from '@vpp-ts/binapi-memclnt'
import { VlibClient } from '@vpp-ts/binapi-vlib'
import { ShowVersion, ShowVersionReply, VpeClient } from '@vpp-ts/binapi-vpe'
import { orderSuite } from './order.ts'
import type { ContractTarget } from './target.ts'

const UP = IfStatusFlags.IF_STATUS_API_FLAG_ADMIN_UP

/** Milliseconds for a connection, over shared memory with a process to start: the machine may be busy. */
const PATIENCE = 60_000

/**
 * What any VPP must do for our client: runs against the simulator and against a real VPP, and leaves both as it
 * found them. A difference between the two is a defect of the simulator.
 */
export function contractSuite(name: string, start: () => Promise<ContractTarget>): void {
  describe(`contract: ${name}`, () => {
    let target: ContractTarget
    let vpp: VppConnection
    let interfaces: InterfaceClient
    let ip: IpClient

    beforeAll(async () => {
      target = await start()
      vpp = await VppConnection.connect(target.transport ?? target.path, {
        clientName: 'contract',
        connectTimeout: PATIENCE,
      })
      interfaces = new InterfaceClient(vpp)
      ip = new IpClient(vpp)
    })
    afterAll(async () => {
      await vpp?.close()
      await target?.stop()
    })

    async function withLoopback(body: (swIfIndex: number) => Promise<void>): Promise<void> {
      const { swIfIndex } = await interfaces.createLoopback({})
      try {
        await body(swIfIndex)
      } finally {
        await interfaces.deleteLoopback({ swIfIndex })
      }
    }

    describe('built in', () => {
      it('says its version', async () => {
        const version = await new VpeClient(vpp).showVersion()
        expect(version.program).toBe('vpe')
        expect(version.version).toMatch(/^\d\d\.\d\d/)
      })

      it('answers pings with its process id', async () => {
        const first = await new MemclntClient(vpp).controlPing()
        const second = await new MemclntClient(vpp).controlPing()
        expect(first.vpePid).toBeGreaterThan(0)
        expect(second.vpePid).toBe(first.vpePid)
      })

      it('answers 5,000 pipelined pings', async () => {
        const client = new MemclntClient(vpp)
        const replies = await Promise.all(Array.from({ length: 5000 }, () => client.controlPing()))
        expect(replies).toHaveLength(5000)
        expect(replies.every((reply) => reply.retval === 0)).toBe(true)
      })

      it('hands out the definitions of its modules', async () => {
        const { json } = await new MemclntClient(vpp).getApiJson({}, { timeout: 20_000 })
        const modules = JSON.parse(json.replace(/\0+$/, '')) as { messages: unknown[] }[]
        expect(modules.length).toBeGreaterThan(20)
        expect(modules.every((module) => module.messages.length > 0)).toBe(true)
      })

      it('keeps f64 in its own byte order', async () => {
        const reply = await new VlibClient(vpp).getF64IncrementByOne({ f64Value: 41.5 })
        expect(reply.f64Value).toBe(42.5)
      })

      it('runs CLI commands', async () => {
        const { reply } = await new VlibClient(vpp).cliInband({ cmd: 'show version' })
        expect(reply).toMatch(/^vpp v\d\d\.\d\d/)
      })

      it('refuses an unknown CLI command and says why in the reply', async () => {
        await expect(new VlibClient(vpp).cliInband({ cmd: 'no such command' })).rejects.toMatchObject({
          retval: -1,
          reply: { reply: expect.stringContaining('unknown input') as unknown },
        })
      })

      it('is compatible with the bindings in use', () => {
        const report = vpp.checkCompatibility([ControlPing, ControlPingReply, ShowVersion, ShowVersionReply])
        expect(report.changed).toEqual([])
        expect(report.absent).toEqual([])
        expect(report.same).toHaveLength(4)
      })
    })

    describe('interfaces', () => {
      it('creates, names, shows and deletes a loopback', async () => {
        let index = -1
        await withLoopback(async (swIfIndex) => {
          index = swIfIndex
          await interfaces.swInterfaceTagAddDel({ isAdd: true, swIfIndex, tag: 'contract' })
          const [details] = await interfaces.swInterfaceDump({ swIfIndex }).toArray()
          expect(details).toMatchObject({
            swIfIndex,
            interfaceDevType: 'Loopback',
            tag: 'contract',
            flags: 0,
          })
          expect(details?.interfaceName).toMatch(/^loop\d+$/)
          expect(details?.l2Address).toMatch(/^de:ad:00:00:00:[0-9a-f]{2}$/)
        })
        const after = await interfaces.swInterfaceDump().toArray()
        expect(after.map((it) => it.swIfIndex)).not.toContain(index)
      })

      it('always has local0 at index 0', async () => {
        const all = await interfaces.swInterfaceDump().toArray()
        expect(all[0]).toMatchObject({ swIfIndex: 0, interfaceName: 'local0' })
      })

      it('filters by name', async () => {
        await withLoopback(async (swIfIndex) => {
          const found = await interfaces
            .swInterfaceDump({ nameFilterValid: true, nameFilter: 'loop' })
            .toArray()
          expect(found.map((it) => it.swIfIndex)).toContain(swIfIndex)
          expect(found.every((it) => it.interfaceName.includes('loop'))).toBe(true)
        })
      })

      it('takes the MAC address it is given', async () => {
        const { swIfIndex } = await interfaces.createLoopback({ macAddress: '02:00:00:00:00:77' })
        try {
          const [details] = await interfaces.swInterfaceDump({ swIfIndex }).toArray()
          expect(details?.l2Address).toBe('02:00:00:00:00:77')
          await interfaces.swInterfaceSetMacAddress({ swIfIndex, macAddress: '02:00:00:00:00:78' })
          const [changed] = await interfaces.swInterfaceDump({ swIfIndex }).toArray()
          expect(changed?.l2Address).toBe('02:00:00:00:00:78')
        } finally {
          await interfaces.deleteLoopback({ swIfIndex })
        }
      })

      it('sets the MTU', async () => {
        await withLoopback(async (swIfIndex) => {
          await interfaces.swInterfaceSetMtu({ swIfIndex, mtu: [1400, 0, 0, 0] })
          const [details] = await interfaces.swInterfaceDump({ swIfIndex }).toArray()
          expect(details?.mtu[0]).toBe(1400)
        })
      })

      it("refuses an unknown sw_if_index with VPP's own error", async () => {
        await expect(interfaces.swInterfaceSetFlags({ swIfIndex: 99_999, flags: UP })).rejects.toMatchObject({
          code: 'VPP_API_ERROR',
          retval: -2,
        })
      })

      it('adds, lists and removes addresses of both families', async () => {
        await withLoopback(async (swIfIndex) => {
          for (const prefix of ['192.0.2.1/24', '2001:db8:77::1/64']) {
            await interfaces.swInterfaceAddDelAddress({ isAdd: true, swIfIndex, prefix })
          }
          const v4 = await ip.ipAddressDump({ swIfIndex }).toArray()
          const v6 = await ip.ipAddressDump({ swIfIndex, isIpv6: true }).toArray()
          expect(v4.map((it) => it.prefix)).toEqual(['192.0.2.1/24'])
          expect(v6.map((it) => it.prefix)).toContain('2001:db8:77::1/64')
          await interfaces.swInterfaceAddDelAddress({ isAdd: false, swIfIndex, prefix: '192.0.2.1/24' })
          expect(await ip.ipAddressDump({ swIfIndex }).toArray()).toEqual([])
          await interfaces.swInterfaceAddDelAddress({ isAdd: false, swIfIndex, delAll: true })
        })
      })

      it('tells a dump with an unknown filter from nothing only by being empty', async () => {
        expect(await interfaces.swInterfaceDump({ swIfIndex: 99_999 }).toArray()).toEqual([])
      })

      it('pages a get with a cursor to its end', async () => {
        const stream = ip.ipPathMtuGet()
        expect(await stream.toArray()).toEqual([])
        expect((await stream.reply).retval).toBe(0)
      })
    })

    describe('events', () => {
      orderSuite(() => target)

      it('delivers admin up and down to every listener once', async () => {
        await withLoopback(async (swIfIndex) => {
          const first = interfaces.swInterfaceEvents()
          const second = interfaces.swInterfaceEvents()
          await Promise.all([first.ready, second.ready])
          const seen = Promise.all([collect(first, swIfIndex, 2), collect(second, swIfIndex, 2)])
          await interfaces.swInterfaceSetFlags({ swIfIndex, flags: UP })
          await interfaces.swInterfaceSetFlags({ swIfIndex, flags: 0 })
          const [a, b] = await seen
          expect(a.map((event) => event.flags & UP)).toEqual([UP, 0])
          expect(b).toEqual(a)
          await first.close()
          await second.close()
        })
      })

      it('refuses a second subscription of one client', async () => {
        const want = { enableDisable: 1, pid: 42 }
        const method = {
          kind: 'unary',
          request: WantInterfaceEvents,
          reply: WantInterfaceEventsReply,
        } as const
        await vpp.call(method, want)
        await expect(vpp.call(method, want)).rejects.toMatchObject({ retval: -31 })
        await vpp.call(method, { ...want, enableDisable: 0 })
        await expect(vpp.call(method, { ...want, enableDisable: 0 })).rejects.toMatchObject({ retval: -31 })
      })
    })

    describe('routes', () => {
      it('adds, shows and deletes a route', async () => {
        await withLoopback(async (swIfIndex) => {
          await interfaces.swInterfaceSetFlags({ swIfIndex, flags: UP })
          await interfaces.swInterfaceAddDelAddress({ isAdd: true, swIfIndex, prefix: '192.0.2.1/24' })
          const route = { prefix: '198.51.100.0/24', paths: [path(swIfIndex, '192.0.2.2')] }
          const added = await ip.ipRouteAddDel({ route })
          expect(added.statsIndex).toBeGreaterThanOrEqual(0)
          const found = (await ip.ipRouteDump({ table: {} }).toArray()).find(
            (it) => it.route.prefix === route.prefix,
          )
          expect(found?.route.paths).toHaveLength(1)
          expect(found?.route.paths[0]).toMatchObject({ swIfIndex, weight: 1, preference: 0 })
          expect(found?.route.paths[0]?.nh.address.ip4).toBe('192.0.2.2')
          await ip.ipRouteAddDel({ isAdd: false, route })
          const after = await ip.ipRouteDump({ table: {} }).toArray()
          expect(after.some((it) => it.route.prefix === route.prefix)).toBe(false)
        })
      })

      it('adds and removes paths of a multipath route', async () => {
        await withLoopback(async (swIfIndex) => {
          await interfaces.swInterfaceSetFlags({ swIfIndex, flags: UP })
          await interfaces.swInterfaceAddDelAddress({ isAdd: true, swIfIndex, prefix: '192.0.2.1/24' })
          const prefix = '198.51.100.0/25'
          for (const host of ['192.0.2.2', '192.0.2.3']) {
            await ip.ipRouteAddDel({ isMultipath: true, route: { prefix, paths: [path(swIfIndex, host)] } })
          }
          const count = async () =>
            (await ip.ipRouteDump({ table: {} }).toArray()).find((it) => it.route.prefix === prefix)?.route
              .paths.length
          expect(await count()).toBe(2)
          await ip.ipRouteAddDel({
            isAdd: false,
            isMultipath: true,
            route: { prefix, paths: [path(swIfIndex, '192.0.2.2')] },
          })
          expect(await count()).toBe(1)
          await ip.ipRouteAddDel({ isAdd: false, route: { prefix } })
          expect(await count()).toBeUndefined()
        })
      })

      it('keeps tables apart', async () => {
        const table = { tableId: 4711, name: 'contract' }
        await ip.ipTableAddDel({ isAdd: true, table })
        try {
          const tables = await ip.ipTableDump().toArray()
          expect(tables.map((it) => it.table)).toContainEqual(
            expect.objectContaining({ tableId: 4711, isIp6: false }),
          )
          await ip.ipRouteAddDel({
            route: {
              tableId: 4711,
              prefix: '203.0.113.0/24',
              paths: [{ type: FibPathType.FIB_API_PATH_TYPE_DROP, swIfIndex: 0xffff_ffff }],
            },
          })
          const inTable = await ip.ipRouteDump({ table }).toArray()
          expect(inTable.map((it) => it.route.prefix)).toContain('203.0.113.0/24')
          const inDefault = await ip.ipRouteDump({ table: {} }).toArray()
          expect(inDefault.map((it) => it.route.prefix)).not.toContain('203.0.113.0/24')
          await ip.ipRouteAddDel({ isAdd: false, route: { tableId: 4711, prefix: '203.0.113.0/24' } })
        } finally {
          await ip.ipTableAddDel({ isAdd: false, table })
        }
      })

      it('refuses a route in a table that is not there', async () => {
        await expect(
          ip.ipRouteAddDel({ route: { tableId: 815, prefix: '203.0.113.0/24', paths: [{ swIfIndex: 0 }] } }),
        ).rejects.toMatchObject({ code: 'VPP_API_ERROR', retval: -3 })
      })

      it('programs 1,000 routes through a channel and dumps them', async () => {
        await withLoopback(async (swIfIndex) => {
          await interfaces.swInterfaceSetFlags({ swIfIndex, flags: UP })
          await interfaces.swInterfaceAddDelAddress({ isAdd: true, swIfIndex, prefix: '192.0.2.1/24' })
          const routes = Array.from({ length: 1000 }, (_, i) => ({
            prefix: `10.${20 + (i >> 8)}.${i & 255}.0/24`,
            paths: [path(swIfIndex, '192.0.2.2')],
          }))
          const channel = vpp.newApiChannel()
          for (const isAdd of [true, false]) {
            const pending = routes.map((route) => channel.sendRequest(new IpRouteAddDel({ isAdd, route })))
            for (const request of pending)
              expect((await request.receiveReply(IpRouteAddDelReply)).retval).toBe(0)
            const dumped = await ip.ipRouteDump({ table: {} }).toArray()
            const ours = dumped.filter((it) => /^10\.2[0-3]\./.test(it.route.prefix))
            expect(ours).toHaveLength(isAdd ? 1000 : 0)
          }
          await channel.close()
        })
      })
    })

    describe('neighbours, bridges and access lists', () => {
      it('adds and shows a static neighbour', async () => {
        const neighbours = new IpNeighborClient(vpp)
        await withLoopback(async (swIfIndex) => {
          await interfaces.swInterfaceSetFlags({ swIfIndex, flags: UP })
          await interfaces.swInterfaceAddDelAddress({ isAdd: true, swIfIndex, prefix: '192.0.2.1/24' })
          const neighbor = { swIfIndex, flags: 1, macAddress: '02:00:00:00:00:02', ipAddress: '192.0.2.9' }
          await neighbours.ipNeighborAddDel({ isAdd: true, neighbor })
          const found = await neighbours.ipNeighborDump({ swIfIndex }).toArray()
          expect(found.map((it) => it.neighbor)).toContainEqual(expect.objectContaining(neighbor))
          await neighbours.ipNeighborAddDel({ isAdd: false, neighbor })
        })
      })

      it('puts an interface into a bridge domain', async () => {
        const l2 = new L2Client(vpp)
        const bdId = 4712
        await l2.bridgeDomainAddDelV2({
          bdId,
          learn: true,
          forward: true,
          flood: true,
          uuFlood: true,
          bdTag: 'contract',
        })
        await withLoopback(async (swIfIndex) => {
          await l2.swInterfaceSetL2Bridge({ rxSwIfIndex: swIfIndex, bdId, enable: true })
          const [domain] = await l2.bridgeDomainDump({ bdId }).toArray()
          expect(domain).toMatchObject({ bdId, learn: true, bdTag: 'contract' })
          expect(domain?.swIfDetails.map((it) => it.swIfIndex)).toEqual([swIfIndex])
          await l2.swInterfaceSetL2Bridge({ rxSwIfIndex: swIfIndex, bdId, enable: false })
        })
        await l2.bridgeDomainAddDelV2({ bdId, isAdd: false })
        await expect(l2.bridgeDomainAddDelV2({ bdId, isAdd: false })).rejects.toMatchObject({
          code: 'VPP_API_ERROR',
        })
      })

      it('adds an access list, binds it and refuses to delete it while bound', async () => {
        const acl = new AclClient(vpp)
        const rules = [
          {
            isPermit: AclAction.ACL_ACTION_API_PERMIT,
            srcPrefix: '10.0.0.0/8',
            dstPrefix: '0.0.0.0/0',
            proto: 6,
            dstportOrIcmpcodeLast: 65535,
          },
          { isPermit: AclAction.ACL_ACTION_API_DENY, srcPrefix: '0.0.0.0/0', dstPrefix: '0.0.0.0/0' },
        ]
        const { aclIndex } = await acl.aclAddReplace({ aclIndex: 0xffff_ffff, tag: 'contract', r: rules })
        await withLoopback(async (swIfIndex) => {
          const [details] = await acl.aclDump({ aclIndex }).toArray()
          expect(details).toMatchObject({ aclIndex, tag: 'contract' })
          expect(details?.r.map((rule) => rule.srcPrefix)).toEqual(['10.0.0.0/8', '0.0.0.0/0'])
          await acl.aclInterfaceSetAclList({ swIfIndex, nInput: 1, acls: [aclIndex] })
          const [bound] = await acl.aclInterfaceListDump({ swIfIndex }).toArray()
          expect(bound).toMatchObject({ swIfIndex, nInput: 1, acls: [aclIndex] })
          await expect(acl.aclDel({ aclIndex })).rejects.toMatchObject({
            code: 'VPP_API_ERROR',
            retval: -142,
          })
          await acl.aclInterfaceSetAclList({ swIfIndex, nInput: 0, acls: [] })
        })
        await acl.aclDel({ aclIndex })
        expect(await acl.aclDump({ aclIndex }).toArray()).toEqual([])
      })
    })

    describe('life of a connection', () => {
      it('serves several connections at once, each with its own subscriptions', async () => {
        await using other = await VppConnection.connect(target.transport ?? target.path, {
          clientName: 'contract-2',
          connectTimeout: PATIENCE,
        })
        const events = new InterfaceClient(other).swInterfaceEvents()
        await events.ready
        await withLoopback(async (swIfIndex) => {
          const seen = collect(events, swIfIndex, 1)
          await interfaces.swInterfaceSetFlags({ swIfIndex, flags: UP })
          expect((await seen)[0]).toMatchObject({ swIfIndex })
        })
        await events.close()
      })

      it('connects and closes many times', async () => {
        for (let i = 0; i < (target.transport === undefined ? 200 : 10); i++) {
          await using connection = await VppConnection.connect(target.transport ?? target.path, {
            connectTimeout: PATIENCE,
          })
          await new MemclntClient(connection).controlPing()
        }
      })

      it('leaves a dump early without harm to later calls', async () => {
        for await (const it of ip.ipRouteDump({ table: {} })) {
          expect(it.route.prefix).toContain('/')
          break
        }
        expect((await new VpeClient(vpp).showVersion()).program).toBe('vpe')
      })

      it('gives up a call whose signal is aborted, and goes on', async () => {
        const call = new VlibClient(vpp).cliInband({ cmd: 'show version' }, { signal: AbortSignal.abort() })
        await expect(call).rejects.toMatchObject({ name: 'AbortError' })
        await delay(0)
        expect((await new VpeClient(vpp).showVersion()).retval).toBe(0)
      })
    })
  })
}

/** A path of a route through an interface. */
function path(swIfIndex: number, address: string) {
  return { swIfIndex, nh: { address } }
}

/** The first `count` events of one interface. */
async function collect(
  events: AsyncIterable<SwInterfaceEvent>,
  swIfIndex: number,
  count: number,
): Promise<SwInterfaceEvent[]> {
  const found: SwInterfaceEvent[] = []
  for await (const event of events) {
    if (event.swIfIndex !== swIfIndex || event.deleted) continue
    found.push(event)
    if (found.length === count) break
  }
  return found
}
