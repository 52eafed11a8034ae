import { afterEach, beforeEach, expect, expectTypeOf, it } from 'vitest'
import { AclAddReplace, AclClient, methods as acl } from '@vpp-ts/binapi-acl'
import { SwInterfaceEvent, methods as interfaces } from '@vpp-ts/binapi-interface'
import { IpNeighborClient, methods as neighbors } from '@vpp-ts/binapi-ip-neighbor'
import { BinaryAddress, BinaryMac, BinaryPrefix, inBinary, NONE, VppConnection } from '@vpp-ts/runtime'
import { Simulator } from '@vpp-ts/simulator'

let simulator: Simulator
let vpp: VppConnection

beforeEach(async () => {
  simulator = await Simulator.start()
  vpp = await VppConnection.connect(simulator.path)
})
afterEach(async () => {
  await vpp.close()
  await simulator[Symbol.asyncDispose]()
})

const RULES = [
  { isPermit: 1, srcPrefix: '10.0.0.0/8', dstPrefix: '192.168.1.0/24', proto: 6 },
  { isPermit: 0, srcPrefix: '2001:db8::/32', dstPrefix: '::/0' },
] as const

it('rules are added and dumped in binary form, and others read them as text', async () => {
  const request = new (inBinary(AclAddReplace))({ aclIndex: NONE, tag: 'numbers', r: RULES })
  const { aclIndex } = await new AclClient(vpp).aclAddReplace(request)
  const [read] = await vpp.dump(inBinary(acl.aclDump), { aclIndex }).toArray()
  expectTypeOf(read?.r[0]?.srcPrefix).toEqualTypeOf<BinaryPrefix | undefined>()
  expect(read?.r.map(({ srcPrefix }) => srcPrefix.key)).toEqual(
    RULES.map(({ srcPrefix }) => BinaryPrefix.parse(srcPrefix).key),
  )
  const [text] = await new AclClient(vpp).aclDump({ aclIndex }).toArray()
  expect(text?.r).toMatchObject(RULES)
})

it('what was read in binary form is sent again as it is', async () => {
  const neighbor = {
    swIfIndex: 0,
    macAddress: BinaryMac.parse('02:fe:00:00:00:01'),
    ipAddress: BinaryAddress.parse('10.0.0.2'),
  }
  const client = new IpNeighborClient(vpp)
  await client.ipNeighborAddDel({ isAdd: true, neighbor })
  const dump = vpp.dump(inBinary(neighbors.ipNeighborDump), { swIfIndex: NONE, af: 'ADDRESS_IP4' })
  const [read] = await dump.toArray()
  expect(read?.neighbor.ipAddress.equals(neighbor.ipAddress)).toBe(true)
  expect(read?.neighbor.macAddress.equals(neighbor.macAddress)).toBe(true)
  if (read !== undefined) await client.ipNeighborAddDel({ isAdd: false, neighbor: read.neighbor })
  expect(await client.ipNeighborDump({ swIfIndex: NONE }).toArray()).toEqual([])
})

it('methods of one reply, of pages and of events are taken too', () => {
  const { details, reply } = inBinary(interfaces.swInterfaceTxPlacementGet)
  expect(details).toBe(inBinary(interfaces.swInterfaceTxPlacementGet.details))
  expect(reply).toBe(interfaces.swInterfaceTxPlacementGet.reply)
  expect(inBinary(acl.aclAddReplace).reply).toBe(inBinary(acl.aclAddReplace.reply))
  const event = { kind: 'event', event: SwInterfaceEvent } as const
  expect(inBinary(event).event).toBe(inBinary(SwInterfaceEvent))
})
