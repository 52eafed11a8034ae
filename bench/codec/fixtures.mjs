/** Values as a program would write them, for the messages that are measured. */

const path = (index) => ({
  swIfIndex: index + 1,
  weight: 1,
  nh: { address: { ip4: `10.0.0.${index + 2}` } },
})

const route = {
  tableId: 0,
  prefix: '10.1.0.0/16',
  paths: Array.from({ length: 8 }, (_, index) => path(index)),
}

/** A rule with two prefixes of its own: no other rule of any variant has them. */
const rule = (variant, index) => ({
  isPermit: 1,
  srcPrefix: `10.${variant}.${index}.0/24`,
  dstPrefix: `172.${variant}.${index}.0/24`,
  proto: 6,
  srcportOrIcmptypeFirst: 0,
  srcportOrIcmptypeLast: 65535,
  dstportOrIcmpcodeFirst: 8000 + index,
  dstportOrIcmpcodeLast: 8000 + index,
  tcpFlagsMask: 0,
  tcpFlagsValue: 0,
})

const acl = (variant) => ({
  aclIndex: 0xffffffff,
  tag: 'two hundred rules',
  r: Array.from({ length: 200 }, (_, index) => rule(variant, index)),
})

/** Variants of a message that are taken in turn: 25,600 prefixes, of which none comes twice in a round. */
const VARIANTS = 64

/** Module, message, and one or more values that are taken in turn. */
export const FIXTURES = [
  { module: 'memclnt', message: 'control_ping', values: [{}] },
  {
    module: 'interface',
    message: 'sw_interface_details',
    values: [
      {
        swIfIndex: 3,
        supSwIfIndex: 3,
        l2Address: '02:fe:12:34:56:78',
        flags: 3,
        linkDuplex: 2,
        linkSpeed: 10_000_000,
        linkMtu: 9000,
        mtu: [9000, 0, 0, 0],
        interfaceName: 'TenGigabitEthernet3/0/0',
        interfaceDevType: 'dpdk',
        tag: 'uplink to the core',
      },
    ],
  },
  { module: 'ip', message: 'ip_route_add_del', values: [{ isAdd: true, route }] },
  { module: 'ip', message: 'ip_route_details', values: [{ route }] },
  { module: 'acl', message: 'acl_add_replace', values: [acl(0)] },
  {
    module: 'acl',
    message: 'acl_add_replace',
    title: 'acl_add_replace-distinct',
    values: Array.from({ length: VARIANTS }, (_, variant) => acl(variant)),
  },
]
