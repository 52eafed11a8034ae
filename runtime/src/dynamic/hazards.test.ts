import { describe, expect, it } from 'vitest'
import type { RpcConnection } from '../api/method.ts'
import { DynamicApi } from './dynamic-api.ts'
import { Schema } from './schema.ts'

const head = [
  ['u16', '_vl_msg_id'],
  ['u32', 'client_index'],
  ['u32', 'context'],
]
const reply = (name: string) => [
  name,
  ['u16', '_vl_msg_id'],
  ['u32', 'context'],
  ['i32', 'retval'],
  { crc: '0x1' },
]

/** As VPP defines them, as far as it matters. */
const schema = Schema.fromApiJson([
  {
    module: 'm',
    types: [
      ['fib_path', ['u32', 'sw_if_index'], ['u32', 'type']],
      [
        'mpls_tunnel',
        ['bool', 'mt_l2_only'],
        ['u8', 'mt_n_paths'],
        ['vl_api_fib_path_t', 'mt_paths', 0, 'mt_n_paths'],
      ],
      ['ip_route', ['u32', 'table_id'], ['u8', 'n_paths'], ['vl_api_fib_path_t', 'paths', 0, 'n_paths']],
    ],
    messages: [
      ['get_node_graph', ...head, { crc: '0x1' }],
      reply('get_node_graph_reply'),
      [
        'graph_node_get',
        ...head,
        ['u32', 'cursor'],
        ['u32', 'index'],
        ['string', 'name', 64],
        { crc: '0x1' },
      ],
      [...reply('graph_node_get_reply').slice(0, -1), ['u32', 'cursor'], { crc: '0x1' }],
      ['graph_node_details', ['u16', '_vl_msg_id'], ['u32', 'context'], { crc: '0x1' }],
      ['ip_route_add_del', ...head, ['bool', 'is_add'], ['vl_api_ip_route_t', 'route'], { crc: '0x1' }],
      reply('ip_route_add_del_reply'),
      ['l2_patch_add_del', ...head, ['u32', 'rx_sw_if_index'], ['bool', 'is_add'], { crc: '0x1' }],
      reply('l2_patch_add_del_reply'),
      ['memif_create_v2', ...head, ['u32', 'mode'], { crc: '0x1' }],
      reply('memif_create_v2_reply'),
      [
        'mpls_tunnel_add_del',
        ...head,
        ['bool', 'mt_is_add'],
        ['vl_api_mpls_tunnel_t', 'mt_tunnel'],
        { crc: '0x1' },
      ],
      reply('mpls_tunnel_add_del_reply'),
      [
        'det44_add_del_map',
        ...head,
        ['bool', 'is_add'],
        ['u8', 'in_plen'],
        ['u8', 'out_plen'],
        { crc: '0x1' },
      ],
      reply('det44_add_del_map_reply'),
    ].map((message) => message.map((part) => (isCrc(part) ? { crc: '0x00000001' } : part))),
    services: {
      get_node_graph: { reply: 'get_node_graph_reply' },
      graph_node_get: { reply: 'graph_node_get_reply', stream: true, stream_msg: 'graph_node_details' },
      ip_route_add_del: { reply: 'ip_route_add_del_reply' },
      l2_patch_add_del: { reply: 'l2_patch_add_del_reply' },
      memif_create_v2: { reply: 'memif_create_v2_reply' },
      mpls_tunnel_add_del: { reply: 'mpls_tunnel_add_del_reply' },
      det44_add_del_map: { reply: 'det44_add_del_map_reply' },
    },
  },
])

function isCrc(part: unknown): boolean {
  return typeof part === 'object' && part !== null && 'crc' in part
}

const sent: string[] = []
const vpp = {
  call: ({
    reply: type,
    request,
  }: {
    reply: new () => object
    request: { descriptor: { name: string } }
  }) => {
    sent.push(request.descriptor.name)
    return Promise.resolve(new type())
  },
  stream: ({ request }: { request: { descriptor: { name: string } } }) => {
    sent.push(request.descriptor.name)
    return { reply: Promise.resolve({}), toArray: () => Promise.resolve([]) }
  },
} as unknown as RpcConnection
const api = DynamicApi.fromSchema(schema, vpp)

describe('a request that crashes VPP', () => {
  it.each([
    ['get_node_graph', {}],
    ['ip_route_add_del', { route: { paths: [{ swIfIndex: 1 }, { swIfIndex: 1, type: 4 }] } }],
    ['l2_patch_add_del', { isAdd: false, rxSwIfIndex: 0 }],
    ['memif_create_v2', { mode: 2 }],
    ['mpls_tunnel_add_del', { mtIsAdd: true, mtTunnel: { mtL2Only: true, mtPaths: [{ swIfIndex: 1 }] } }],
    ['det44_add_del_map', { isAdd: true, inPlen: 24, outPlen: 16 }],
  ])('is refused: %s %j', async (name, request) => {
    sent.length = 0
    await expect(api.call(name, request)).rejects.toMatchObject({ code: 'VPP_HAZARD', messageName: name })
    expect(sent).toEqual([])
    await api.call(name, request, { force: true })
    expect(sent).toEqual([name])
  })

  it.each([{}, { cursor: 0xffffffff, index: 0xffffffff }, { index: 3 }])(
    'is refused: all nodes, as %j',
    (request) => {
      expect(() => api.dump('graph_node_get', request)).toThrow(/all nodes; nothing was sent.*"force"/)
      expect(() => api.dump('graph_node_get', request, { force: true })).not.toThrow()
    },
  )

  it('is another one than those that are like it', async () => {
    sent.length = 0
    await api.call('ip_route_add_del', { isAdd: true, route: { paths: [{ swIfIndex: 1, type: 2 }] } })
    await api.call('l2_patch_add_del', { isAdd: true, rxSwIfIndex: 1 })
    await api.call('memif_create_v2', { mode: 1 })
    await api.call('mpls_tunnel_add_del', { mtIsAdd: true, mtTunnel: { mtL2Only: true, mtPaths: [] } })
    await api.call('mpls_tunnel_add_del', { mtIsAdd: true, mtTunnel: { mtPaths: [{ swIfIndex: 1 }] } })
    await api.call('mpls_tunnel_add_del', {
      mtIsAdd: false,
      mtTunnel: { mtL2Only: true, mtPaths: [{ swIfIndex: 1 }] },
    })
    await api.call('det44_add_del_map', { isAdd: true, inPlen: 24, outPlen: 24 })
    await api.call('det44_add_del_map', { isAdd: false, inPlen: 24, outPlen: 16 })
    api.dump('graph_node_get', { cursor: 0xffffffff, index: 3 })
    api.dump('graph_node_get', { cursor: 0xffffffff, index: 0xffffffff, name: 'ip4-lookup' })
    expect(sent).toHaveLength(10)
  })
})
