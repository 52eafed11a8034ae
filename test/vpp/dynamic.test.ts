import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { VppConnection } from '@vpp-ts/runtime'
import { DynamicApi } from '@vpp-ts/runtime/dynamic'
import { API_FOLDER } from '../conformance/bindings.ts'
import { VppProcess, vppBinary, vppPlugins, vppSocket } from './real-vpp.ts'

let process: VppProcess | undefined
let vpp: VppConnection
let api: DynamicApi

describe('DynamicApi with a real VPP', () => {
  beforeAll(async () => {
    if (vppSocket === undefined && vppBinary === undefined) {
      throw new Error('no real VPP: set VPP_API_SOCKET=/run/vpp/api.sock, or VPP_BINARY and VPP_PLUGIN_PATH')
    }
    if (vppSocket === undefined) process = await VppProcess.start(vppBinary ?? '', vppPlugins)
    vpp = await VppConnection.connect(vppSocket ?? process?.apiSocket)
    api = await DynamicApi.fromVpp(vpp, { names: 'vpp' })
  })
  afterAll(async () => {
    await vpp?.close()
    await process?.[Symbol.asyncDispose]()
  })

  it('has every message of the VPP, but for what VPP keeps to itself', async () => {
    // VPP 26.06 tells neither of memclnt, of which a client needs little, nor of sr_mpls: that is had from files.
    const files = await DynamicApi.fromFiles(API_FOLDER, vpp)
    const lacking = vpp
      .messageNames()
      .filter(
        (name) =>
          !api.schema.has(name) && (!files.schema.has(name) || files.schema.moduleOf(name) !== 'sr_mpls'),
      )
    expect(lacking.filter((name) => !/^(?:memclnt|sock|rx_thread|rpc_call|trace_plugin)/.test(name))).toEqual(
      [],
    )
    const all = api.schema.messages().map((name) => api.schema.message(name))
    expect(vpp.checkCompatibility(all)).toMatchObject({ changed: [], absent: [] })
  })

  it('dumps everything that needs no arguments', async () => {
    const found = new Map<string, number>()
    for (const { request, kind, details } of api.schema.services()) {
      if (kind !== 'dump' || api.schema.message(request).descriptor.fields.length > 0) continue
      const rows = await api.dump(request).toArray()
      const fields = Object.keys(api.defaults(details ?? ''))
      for (const row of rows) expect(Object.keys(row), request).toEqual(fields)
      for (const row of rows)
        expect(api.decode(details ?? '', api.encode(details ?? '', row)), request).toEqual(row)
      found.set(request, rows.length)
    }
    expect(found.size).toBeGreaterThan(50)
    expect(found.get('ip_table_dump')).toBeGreaterThanOrEqual(2)
    expect([...found.values()].filter((count) => count > 0).length).toBeGreaterThan(5)
  })

  it('pages through every get that needs nothing but its cursor', async () => {
    let read = 0
    for (const { request, kind } of api.schema.services()) {
      const fields = api.schema.message(request).descriptor.fields.map(([name]) => name)
      if (kind !== 'stream' || fields.some((name) => name !== 'cursor') || CRASHES.has(request)) continue
      const dump = api.dump(request)
      await dump.toArray()
      expect(await dump.reply, request).toHaveProperty('retval')
      read++
    }
    expect(read).toBeGreaterThan(5)
  })

  it('makes an interface, sees it and its event, and removes it', async () => {
    await using events = api.events('sw_interface_event')
    await events.ready
    const made = await api.call('create_loopback', { mac_address: '02:00:00:00:0d:01' })
    const index = made?.['sw_if_index']
    const route = {
      prefix: '203.0.113.0/24',
      n_paths: 1,
      paths: [{ sw_if_index: index, nh: { address: { ip4: '192.0.2.7' } } }],
    }
    const setRoute = (isAdd: boolean) => api.call(api.newest('ip_route_add_del'), { is_add: isAdd, route })
    try {
      await api.call('sw_interface_set_flags', {
        sw_if_index: index,
        flags: ['IF_STATUS_API_FLAG_ADMIN_UP'],
      })
      for await (const event of events) {
        expect(event).toMatchObject({ sw_if_index: index, deleted: false })
        break
      }
      await setRoute(true)
      try {
        const routes = await api.dump('ip_route_v2_dump').toArray()
        expect(routes.map((it) => (it['route'] as { prefix?: unknown }).prefix)).toContain('203.0.113.0/24')
      } finally {
        await setRoute(false)
      }
    } finally {
      await api.call('delete_loopback', { sw_if_index: index })
    }
    await expect(api.call('delete_loopback', { sw_if_index: index })).rejects.toMatchObject({
      code: 'VPP_API_ERROR',
    })
  })

  it('works the same with the definitions of files', async () => {
    const files = await DynamicApi.fromFiles(API_FOLDER, vpp)
    expect(await files.call('show_version')).toMatchObject({ program: 'vpe', retval: 0 })
    // Of another release than the files, VPP has messages that these lack, or have otherwise.
    const common = api.schema.messages().filter((name) => files.schema.has(name))
    expect(common.length).toBeGreaterThan(1000)
    const { same } = vpp.checkCompatibility(common.map((name) => files.schema.message(name)))
    const equal = common.filter(
      (name) => files.schema.message(name).descriptor.crc === api.schema.message(name).descriptor.crc,
    )
    expect([...same].sort()).toEqual(equal.sort())
  })
})

/** Gets that end VPP at cursor 0 on an empty graph. */
const CRASHES: ReadonlySet<string> = new Set(['graph_node_get'])
