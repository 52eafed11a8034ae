import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { diffSchemas, loadSchema, type DiffReport } from '@vpp-ts/binapi-generator'
import { VppConnection } from '@vpp-ts/runtime'
import { DynamicApi } from '@vpp-ts/runtime/dynamic'
import { API_FOLDER } from '../conformance/bindings.ts'
import { VppProcess, vppBinary, vppPlugins, vppSocket } from './real-vpp.ts'

let process: VppProcess | undefined
let report: DiffReport

describe('schema tools with a real VPP', () => {
  beforeAll(async () => {
    if (vppSocket === undefined && vppBinary === undefined) {
      throw new Error('no real VPP: set VPP_API_SOCKET=/run/vpp/api.sock, or VPP_BINARY and VPP_PLUGIN_PATH')
    }
    if (vppSocket === undefined) process = await VppProcess.start(vppBinary ?? '', vppPlugins)
    const live = await loadSchema({ input: `vpp:${vppSocket ?? process?.apiSocket}` })
    expect(live.modules.size).toBeGreaterThan(80)
    expect(live.release).toMatch(/^\d\d\.\d\d/)
    report = diffSchemas(await loadSchema({ input: API_FOLDER }), live)
  })
  afterAll(async () => {
    await process?.[Symbol.asyncDispose]()
  })

  it('finds the messages that have changed, and only those', async () => {
    const socket = vppSocket ?? process?.apiSocket
    await using vpp = await VppConnection.connect(socket)
    const live = await DynamicApi.fromVpp(vpp)
    const files = await DynamicApi.fromFiles(API_FOLDER, vpp)
    const crcIn = (api: DynamicApi, name: string) => api.schema.message(name).descriptor.crc
    const differing = live.schema
      .messages()
      .filter((name) => files.schema.has(name) && crcIn(live, name) !== crcIn(files, name))
    const reported = report.messages.filter(
      ({ crc }) => crc.before !== undefined && crc.after !== undefined && crc.before !== crc.after,
    )
    expect(reported.map(({ name }) => name).sort()).toEqual(differing.sort())
  })

  it('of the release of the definitions it only lacks modules that are not loaded', ({ skip }) => {
    skip(report.from.release !== report.to.release?.slice(0, 5), 'VPP is of another release')
    for (const section of ['messages', 'types', 'modules'] as const) {
      const kinds = new Set(report[section].flatMap(({ changes }) => changes.map(({ kind }) => kind)))
      expect([...kinds], section).toEqual(kinds.size === 0 ? [] : ['removed'])
    }
    expect(report.services).toEqual([])
    expect(report.messages.every(({ via }) => via.length === 0)).toBe(true)
  })
})
