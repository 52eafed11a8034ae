import { describe, expect, it } from 'vitest'
import { cliOf } from './cli-lines.ts'

const nameOf = (index: unknown): string => `if${String(index)}`

describe('requests as commands of the CLI', () => {
  it.each([
    [
      'create_loopback_instance',
      { isSpecified: true, userInstance: 7 },
      'create loopback interface instance 7',
    ],
    ['sw_interface_set_flags', { swIfIndex: 1, flags: 0 }, 'set interface state if1 down'],
    [
      'sw_interface_add_del_address',
      { swIfIndex: 1, isAdd: false, prefix: '192.0.2.1/24' },
      'set interface ip address del if1 192.0.2.1/24',
    ],
    ['sw_interface_set_table', { swIfIndex: 1, isIpv6: true, vrfId: 5 }, 'set interface ip6 table if1 5'],
    ['ip_table_add_del', { isAdd: true, table: { tableId: 5, isIp6: false } }, 'ip table add 5'],
    [
      'ip_route_add_del_v2',
      {
        isAdd: true,
        route: {
          tableId: 5,
          prefix: '10.0.0.0/8',
          paths: [
            { swIfIndex: 1, type: 0, weight: 2, preference: 0, nh: { address: '192.0.2.9' } },
            { swIfIndex: 0xffff_ffff, type: 2 },
          ],
        },
      },
      'ip route add 10.0.0.0/8 table 5 via 192.0.2.9 if1 weight 2 via drop',
    ],
    [
      'ip_neighbor_add_del',
      {
        isAdd: true,
        neighbor: { swIfIndex: 1, ipAddress: '192.0.2.9', macAddress: '02:00:00:00:00:09', flags: 1 },
      },
      'set ip neighbor if1 192.0.2.9 02:00:00:00:00:09 static',
    ],
    [
      'sw_interface_set_l2_bridge',
      { rxSwIfIndex: 1, bdId: 7, enable: true, portType: 1 },
      'set interface l2 bridge if1 7 bvi',
    ],
    ['sw_interface_set_l2_bridge', { rxSwIfIndex: 1, bdId: 7, enable: false }, 'set interface l3 if1'],
    ['acl_add_replace', {}, undefined],
  ])('%s', (message, request, line) => {
    expect(cliOf(message, request, nameOf)).toBe(line)
  })
})
