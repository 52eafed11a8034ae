import { expect, it } from 'vitest'
import { Simulator } from '../simulator.ts'
import { addLoopback, addVlan } from './interface-kinds.ts'

it('a sub-interface as a member gives its parent the address of the bond, for as long as it is one', async () => {
  await using simulator = await Simulator.start()
  const { bonds, interfaces } = simulator.model
  const parent = addLoopback(interfaces)
  const own = parent.mac
  const { swIfIndex } = addVlan(interfaces, parent.swIfIndex, 5)
  const bond = bonds.add({ mode: 3, lb: 1, mac: '02:00:00:00:00:b0' })
  bonds.addMember(bond.swIfIndex, swIfIndex)
  expect(interfaces.get(parent.swIfIndex).mac).toBe('02:00:00:00:00:b0')
  bonds.detach(swIfIndex)
  expect(interfaces.get(parent.swIfIndex).mac).toBe(own)
})
