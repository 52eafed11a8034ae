import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { diffSchemas, loadSchema, type DiffReport } from '@vpp-ts/binapi-generator'
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
    expect(live.release).toMatch(/^26\.06/)
    report = diffSchemas(await loadSchema({ input: API_FOLDER }), live)
  })
  afterAll(async () => {
    await process?.[Symbol.asyncDispose]()
  })

  it('finds that it has the definitions of its release, and that some modules are not loaded', () => {
    for (const section of ['messages', 'types', 'modules'] as const) {
      const kinds = new Set(report[section].flatMap(({ changes }) => changes.map(({ kind }) => kind)))
      expect([...kinds], section).toEqual(kinds.size === 0 ? [] : ['removed'])
    }
    expect(report.services).toEqual([])
    expect(report.messages.every(({ via }) => via.length === 0)).toBe(true)
  })
})
