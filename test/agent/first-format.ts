import { AclClient } from '@vpp-ts/binapi-acl'
import { AclAction } from '@vpp-ts/binapi-acl-types'
import { FibClient } from '@vpp-ts/binapi-fib'
import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { IfStatusFlags } from '@vpp-ts/binapi-interface-types'
import { IpClient } from '@vpp-ts/binapi-ip'
import { MemifClient } from '@vpp-ts/binapi-memif'
import { MemifMode, MemifRole } from '@vpp-ts/binapi-memif'
import { VppConnection } from '@vpp-ts/runtime'
import type { Store } from '@vpp-ts/agent'

/** What version 0.1.0 of the agent had in its store for `instance` "vpp": keys and values, byte by byte. */
const ENTRIES: readonly (readonly [key: string, value: string])[] = [
  [
    'vpp/item/interface/lan',
    '{"item":{"kind":"interface","name":"lan","enabled":true,"addresses":["192.0.2.1/24"],"table":0,"type":"loopback"},"origin":"file:links.yaml"}',
  ],
  [
    'vpp/item/memif-socket/7',
    '{"item":{"kind":"memif-socket","id":7,"path":"/run/vpp/seven.sock"},"origin":"file:links.yaml"}',
  ],
  [
    'vpp/item/interface/peer',
    '{"item":{"kind":"interface","name":"peer","enabled":true,"addresses":[],"table":0,"type":"memif","socket":7,"id":3,"role":"master","mode":"ethernet","ringSize":1024,"bufferSize":2048,"queues":1,"secret":"hunter2"},"origin":"file:links.yaml"}',
  ],
  [
    'vpp/item/interface/peer.100',
    '{"item":{"kind":"interface","name":"peer.100","enabled":true,"addresses":[],"table":0,"type":"vlan","parent":"peer","vlan":100},"origin":"api"}',
  ],
  [
    'vpp/item/route/0/10.0.0.0/8',
    '{"item":{"kind":"route","table":0,"prefix":"10.0.0.0/8","paths":[{"nextHop":"192.0.2.9","interface":"lan","weight":1,"preference":0}],"drop":false},"origin":"file:routes.yaml"}',
  ],
  [
    'vpp/item/acl/web',
    '{"item":{"kind":"acl","name":"web","rules":[{"action":"permit","protocol":6,"sourcePorts":{"first":0,"last":65535},"destinationPorts":{"first":0,"last":65535},"tcpFlags":{"mask":0,"value":0},"source":"10.0.0.0/8","destination":"0.0.0.0/0"}],"ingress":["lan"],"egress":[]},"origin":"api"}',
  ],
]

/** The same items as their owner writes them in the files of a folder, and what he gave over REST. */
export const FILES = {
  'links.yaml': `
- { kind: interface, type: loopback, name: lan, addresses: [192.0.2.1/24] }
- { kind: memif-socket, id: 7, path: /run/vpp/seven.sock }
- { kind: interface, type: memif, name: peer, role: master, socket: 7, id: 3, secret: hunter2 }
`,
  'routes.yaml': `
- { kind: route, prefix: 10.0.0.0/8, paths: [{ nextHop: 192.0.2.9, interface: lan }] }
`,
}

/** Requests that change something of VPP. */
export const CHANGES = [
  'acl_add_replace',
  'acl_del',
  'acl_interface_set_acl_list',
  'create_loopback_instance',
  'create_vlan_subif',
  'delete_loopback',
  'delete_subif',
  'ip_route_add_del_v2',
  'ip_table_add_del',
  'memif_create_v2',
  'memif_delete',
  'memif_socket_filename_add_del_v2',
  'sw_interface_add_del_address',
  'sw_interface_set_flags',
  'sw_interface_set_mac_address',
  'sw_interface_set_mtu',
  'sw_interface_set_table',
  'sw_interface_tag_add_del',
] as const

/** Fills a store as version 0.1.0 did. */
export async function fillStore(store: Store): Promise<void> {
  for (const [key, value] of ENTRIES) await store.put(key, value)
}

/** Makes of a VPP what version 0.1.0 made of it for these items: its tags, addresses and sources are in the requests. */
export async function fillVpp(socketPath: string): Promise<void> {
  await using vpp = await VppConnection.connect(socketPath)
  const interfaces = new InterfaceClient(vpp)
  const memifs = new MemifClient(vpp)
  const { swIfIndex: lan } = await interfaces.createLoopbackInstance({
    macAddress: '06:12:c4:d9:48:3c',
    isSpecified: false,
    userInstance: 0,
  })
  await memifs.memifSocketFilenameAddDelV2({
    isAdd: true,
    socketId: 7,
    socketFilename: '/run/vpp/seven.sock',
  })
  const { swIfIndex: peer } = await memifs.memifCreateV2({
    role: MemifRole.MEMIF_ROLE_API_MASTER,
    mode: MemifMode.MEMIF_MODE_API_ETHERNET,
    rxQueues: 1,
    txQueues: 1,
    id: 3,
    socketId: 7,
    ringSize: 1024,
    bufferSize: 2048,
    hwAddr: '06:e3:a9:8a:63:d3',
    secret: 'hunter2',
  })
  const { swIfIndex: vlan } = await interfaces.createVlanSubif({ swIfIndex: peer, vlanId: 100 })
  const tags = [
    [lan, 'vpp-ts-agent/eb0fbd79/lan'],
    [peer, 'vpp-ts-agent/d061985c/peer'],
    [vlan, 'vpp-ts-agent/ae649577/peer.100'],
  ] as const
  for (const [swIfIndex, tag] of tags) {
    await interfaces.swInterfaceTagAddDel({ isAdd: true, swIfIndex, tag })
    await interfaces.swInterfaceSetFlags({ swIfIndex, flags: IfStatusFlags.IF_STATUS_API_FLAG_ADMIN_UP })
  }
  await interfaces.swInterfaceAddDelAddress({ swIfIndex: lan, isAdd: true, prefix: '192.0.2.1/24' })
  await addRoute(vpp, lan)
  await addAcl(vpp, lan)
}

async function addRoute(vpp: VppConnection, swIfIndex: number): Promise<void> {
  const source = { name: 'vpp-ts-agent', priority: 0x80, id: 0 }
  const { id } = await new FibClient(vpp).fibSourceAdd({ src: source })
  const path = {
    swIfIndex,
    weight: 1,
    preference: 0,
    type: 0,
    proto: 0,
    nh: { address: '192.0.2.9' },
  } as const
  await new IpClient(vpp).ipRouteAddDelV2({
    isAdd: true,
    isMultipath: false,
    route: { tableId: 0, prefix: '10.0.0.0/8', src: id, paths: [path] },
  })
}

async function addAcl(vpp: VppConnection, swIfIndex: number): Promise<void> {
  const client = new AclClient(vpp)
  const { aclIndex } = await client.aclAddReplace({
    aclIndex: 0xffff_ffff,
    tag: 'vpp-ts-agent/web',
    r: [
      {
        isPermit: AclAction.ACL_ACTION_API_PERMIT,
        srcPrefix: '10.0.0.0/8',
        dstPrefix: '0.0.0.0/0',
        proto: 6,
        srcportOrIcmptypeFirst: 0,
        srcportOrIcmptypeLast: 65_535,
        dstportOrIcmpcodeFirst: 0,
        dstportOrIcmpcodeLast: 65_535,
        tcpFlagsMask: 0,
        tcpFlagsValue: 0,
      },
    ],
  })
  await client.aclInterfaceSetAclList({ swIfIndex, nInput: 1, acls: [aclIndex] })
}
