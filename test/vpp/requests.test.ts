import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { IpClient } from '@vpp-ts/binapi-ip'
import { PolicerClient } from '@vpp-ts/binapi-policer'
import { TracedumpClient } from '@vpp-ts/binapi-tracedump'
import { SelogClient } from '@vpp-ts/binapi-selog'
import { VpeClient } from '@vpp-ts/binapi-vpe'
import { NONE, VppConnection } from '@vpp-ts/runtime'
import { VppProcess, vppBinary, vppPlugins } from './real-vpp.ts'

let process: VppProcess
let vpp: VppConnection

beforeAll(async () => {
  if (vppBinary === undefined) throw new Error('no real VPP: set VPP_BINARY and VPP_PLUGIN_PATH')
  process = await VppProcess.start(vppBinary, vppPlugins)
  vpp = await VppConnection.connect(process.apiSocket)
})
afterAll(async () => {
  await vpp.close()
  await process[Symbol.asyncDispose]()
})

describe('a real VPP', () => {
  it('keeps its default VRF when a table is named by nothing', async () => {
    const ip = new IpClient(vpp)
    const route = {
      prefix: '198.51.100.0/24',
      paths: [{ swIfIndex: NONE, type: 'FIB_API_PATH_TYPE_DROP' }],
    } as const
    await ip.ipRouteAddDel({ isAdd: true, route })
    const tables = new Map<string, number>()
    const flush = ip.ipTableFlush({ table: { tableId: tables.get('typo') as number } })
    await expect(flush).rejects.toMatchObject({ code: 'VPP_ENCODE', path: 'table.tableId' })
    const routes = await ip.ipRouteDump({ table: { tableId: 0 } }).toArray()
    expect(routes.map((it) => it.route.prefix)).toContain('198.51.100.0/24')
  })

  it('answers policer_input_v2 under another name: the call is carried out, and a refusal is seen', async () => {
    const told: unknown[] = []
    const listen = (message: unknown) => told.push(message)
    subscribe('vpp-ts:reply:misnamed', listen)
    try {
      const policer = new PolicerClient(vpp)
      const { policerIndex } = await policer.policerAdd({ name: 'p', infos: { cir: 100, cb: 1000n } })
      const { swIfIndex } = await new InterfaceClient(vpp).createLoopback()
      await policer.policerInputV2({ policerIndex, swIfIndex, apply: true })
      await expect(
        policer.policerInputV2({ policerIndex, swIfIndex: 4711, apply: true }),
      ).rejects.toMatchObject({
        code: 'VPP_API_ERROR',
        apiName: 'INVALID_SW_IF_INDEX',
        request: { swIfIndex: 4711 },
      })
      expect(told).toContainEqual(
        expect.objectContaining({ expected: 'policer_input_v2_reply', received: 'policer_input_reply' }),
      )
    } finally {
      unsubscribe('vpp-ts:reply:misnamed', listen)
    }
  })

  it('hands over a file descriptor, and the connection goes on', async () => {
    await new SelogClient(vpp).selogGetShm()
    expect((await new VpeClient(vpp).showVersion()).program).toBe('vpe')
    await new TracedumpClient(vpp).traceClearCache()
    expect(vpp.state.status).toBe('connected')
  })
})
