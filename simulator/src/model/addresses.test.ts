import { expect, it } from 'vitest'
import { addAddress, removeAddress } from './addresses.ts'
import { addLoopback } from './interface-kinds.ts'
import { Interfaces } from './interfaces.ts'
import { disableIp6 } from './ip6-link.ts'

it('an address can go after IPv6 was switched off', () => {
  const interfaces = new Interfaces(() => undefined)
  const { swIfIndex } = addLoopback(interfaces)
  addAddress(interfaces, swIfIndex, '2001:db8::1/64')
  disableIp6(interfaces, swIfIndex)
  removeAddress(interfaces, swIfIndex, '2001:db8::1/64')
  expect(interfaces.get(swIfIndex)).toMatchObject({ addresses: [], ip6: undefined })
})
