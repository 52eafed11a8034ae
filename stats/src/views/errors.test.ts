import { expect, test } from 'vitest'
import { splitErrorName } from './errors.ts'

const nodes = new Set(['memif1/0-tx', 'ip4-input', 'GigabitEthernet0/8/0-output', 'a', 'a/b'])

test.each([
  ['memif1/0-tx/no_free_slots', 'memif1/0-tx', 'no_free_slots'],
  ['GigabitEthernet0/8/0-output/interface is down', 'GigabitEthernet0/8/0-output', 'interface is down'],
  ['ip4-input/ip4 ttl <= 1', 'ip4-input', 'ip4 ttl <= 1'],
  ['ip4-input/bad/odd reason', 'ip4-input', 'bad/odd reason'],
  ['a/b/c', 'a/b', 'c'],
  // Unknown: named like the node of an interface, then anything.
  ['memif2/0-tx/no_free_slots', 'memif2/0-tx', 'no_free_slots'],
  ['TenGigabitEthernet3b/0/1.100-output/down', 'TenGigabitEthernet3b/0/1.100-output', 'down'],
  ['arp-reply/a/b', 'arp-reply', 'a/b'],
  ['lonely', 'lonely', ''],
])('%s is %s and %s', (text, node, reason) => {
  expect(splitErrorName(text, nodes)).toEqual({ node, reason })
})
