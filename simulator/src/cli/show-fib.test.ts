import { describe, expect, it } from 'vitest'
import { Simulator } from '../simulator.ts'

/** What VPP 26.06 prints, its indexes as N. */
const SHOWN: readonly (readonly [prefix: string, text: string])[] = [
  [
    '192.0.2.0/24',
    `192.0.2.0/24 fib:0 index:N locks:2
  interface refs:1 entry-flags:connected,attached, src-flags:added,contributing,active, cover:-1
    path-list:[N] locks:2 uPRF-list:N len:1 itfs:[1, ]
      path:[N] pl-index:N ip4 weight=1 pref=0 attached:  oper-flags:resolved, cfg-flags:glean,
         loop0

 forwarding:   unicast-ip4-chain
  [@0]: dpo-load-balance: [proto:ip4 index:N buckets:1 uRPF:N to:[0:0]]
    [0] [@4]: ipv4-glean: [src:192.0.2.0/24] loop0: mtu:9000 next:1 flags:[] ffffffffffffdead000000000806
`,
  ],
  [
    '192.0.2.1/32',
    `192.0.2.1/32 fib:0 index:N locks:2
  interface refs:1 entry-flags:connected,local, src-flags:added,contributing,active,provides-glean, cover:N
    path-list:[N] locks:2 flags:local, uPRF-list:N len:0 itfs:[]
      path:[N] pl-index:N ip4 weight=1 pref=0 receive:  oper-flags:resolved, cfg-flags:local,
        [@0]: dpo-receive: 192.0.2.1 on loop0

 forwarding:   unicast-ip4-chain
  [@0]: dpo-load-balance: [proto:ip4 index:N buckets:1 uRPF:N to:[0:0]]
    [0] [@12]: dpo-receive: 192.0.2.1 on loop0
`,
  ],
  [
    '10.0.0.0/24',
    `10.0.0.0/24 fib:0 index:N locks:2
  CLI refs:1 src-flags:added,contributing,active,
    path-list:[N] locks:2 flags:shared, uPRF-list:N len:1 itfs:[1, ]
      path:[N] pl-index:N ip4 weight=1 pref=0 attached-nexthop:  oper-flags:resolved,
        192.0.2.9 loop0
      [@0]: arp-ipv4: via 192.0.2.9 loop0

 forwarding:   unicast-ip4-chain
  [@0]: dpo-load-balance: [proto:ip4 index:N buckets:1 uRPF:N to:[0:0]]
    [0] [@3]: arp-ipv4: via 192.0.2.9 loop0
`,
  ],
  [
    '10.2.0.0/24',
    `10.2.0.0/24 fib:0 index:N locks:2
  CLI refs:1 src-flags:added,contributing,active,
    path-list:[N] locks:2 flags:shared, uPRF-list:N len:0 itfs:[]
      path:[N] pl-index:N ip4 weight=1 pref=0 special:  cfg-flags:drop,
        [@0]: dpo-drop ip4

 forwarding:   unicast-ip4-chain
  [@0]: dpo-load-balance: [proto:ip4 index:N buckets:1 uRPF:N to:[0:0]]
    [0] [@0]: dpo-drop ip4
`,
  ],
  [
    '0.0.0.0/0',
    `0.0.0.0/0 fib:0 index:N locks:2
  default-route refs:1 entry-flags:drop, src-flags:added,contributing,active,
    path-list:[N] locks:2 flags:drop, uPRF-list:N len:0 itfs:[]
      path:[N] pl-index:N ip4 weight=1 pref=0 special:  cfg-flags:drop,
        [@0]: dpo-drop ip4

 forwarding:   unicast-ip4-chain
  [@0]: dpo-load-balance: [proto:ip4 index:N buckets:1 uRPF:N to:[0:0]]
    [0] [@0]: dpo-drop ip4
`,
  ],
  [
    '2001:db8::/64',
    `2001:db8::/64 fib:0 index:N locks:2
  interface refs:1 entry-flags:connected,attached, src-flags:added,contributing,active, cover:-1
    path-list:[N] locks:2 uPRF-list:N len:1 itfs:[1, ]
      path:[N] pl-index:N ip6 weight=1 pref=0 attached:  oper-flags:resolved, cfg-flags:glean,
         loop0

 forwarding:   unicast-ip6-chain
  [@0]: dpo-load-balance: [proto:ip6 index:N buckets:1 uRPF:N to:[0:0]]
    [0] [@4]: ipv6-glean: [src:2001:db8::/64] loop0: mtu:9000 next:2 flags:[] ffffffffffffdead0000000086dd
`,
  ],
]

/** Without the line about the table, and with N for the indexes. */
function comparable(text: string): string {
  return text
    .replace(/^.*\n/, '')
    .replace(/\b(index|pl-index|uRPF|uPRF-list|cover):\d+/g, '$1:N')
    .replace(/\b(path|path-list):\[\d+\]/g, '$1:[N]')
}

describe('show ip fib PREFIX prints what VPP prints', () => {
  it.each(SHOWN)('%s', async (prefix, text) => {
    await using simulator = await Simulator.start()
    for (const line of [
      'create loopback interface',
      'set interface state loop0 up',
      'set interface ip address loop0 192.0.2.1/24',
      'set interface ip address loop0 2001:db8::1/64',
      'ip route add 10.0.0.0/24 via 192.0.2.9 loop0',
      'ip route add 10.2.0.0/24 via drop',
    ])
      expect(simulator.cli(line).retval).toBe(0)
    const { reply } = simulator.cli(`show ip${prefix.includes(':') ? '6' : ''} fib ${prefix}`)
    expect(comparable(reply)).toBe(text)
  })
})

it('show fib path-lists tells which are dead, and of a next hop by the index that it had', async () => {
  await using simulator = await Simulator.start()
  for (const line of [
    'create loopback interface',
    'set interface ip address loop0 192.0.2.1/24',
    'ip route add 10.0.0.0/24 via 192.0.2.9 loop0',
    'ip route add 10.1.0.0/24 via loop0',
    'delete loopback interface intfc loop0',
    'create loopback interface',
  ])
    expect(simulator.cli(line).retval).toBe(0)
  const dead = [...simulator.cli('show fib path-lists').reply.matchAll(/oper-flags:drop,[^\n]*\n *(.*)/g)]
  expect(dead.map(([, text]) => text).sort()).toEqual(['192.0.2.9 if_index:1', 'if_index:0'])
})
