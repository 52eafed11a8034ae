import { describe, expect, it } from 'vitest'
import type { InterfaceItem } from './interface/schema.ts'
import { parseItem, type ItemInput } from './item.ts'
import { fingerprintOf } from './mark.ts'

function fingerprint(input: object): string {
  return fingerprintOf(parseItem({ kind: 'interface', name: 'a', ...input } as ItemInput) as InterfaceItem)
}

/** Tags of interfaces in running VPPs have these; a different one would make the agent replace every interface. */
const FINGERPRINTS: readonly (readonly [fingerprint: string, input: object])[] = [
  ['eb0fbd79', { type: 'loopback' }],
  ['853462c7', { type: 'loopback', instance: 7, mtu: 1400, enabled: false, addresses: ['192.0.2.1/24'] }],
  ['3a0a0799', { type: 'tap' }],
  ['ed28acc4', { type: 'tap', id: 7, hostName: 'vpp7', gso: true }],
  ['9aaca138', { type: 'memif', role: 'master', id: 1 }],
  ['529bd262', { type: 'memif', role: 'slave', id: 1, socket: 7, secret: 'hush', ringSize: 2048 }],
  ['3028c093', { type: 'vlan', parent: 'b', vlan: 5 }],
  ['46c580e9', { type: 'vlan', parent: 'b', vlan: 5, inner: 6, number: 7, ethertype: 'dot1ad' }],
  ['ac9ba644', { type: 'bond' }],
  ['7290ece5', { type: 'bond', id: 3, mode: 'xor', loadBalance: 'l34' }],
  ['b5ee8ea5', { type: 'existing' }],
]

describe('fingerprints', () => {
  it.each(FINGERPRINTS)('%s stays that of %j, whatever the schema has more', (expected, input) => {
    expect(fingerprint(input)).toBe(expected)
  })
})
