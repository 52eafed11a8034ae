import { describe } from 'vitest'
import { nat } from '../agent/nat.ts'
import { VppProcess } from './real-vpp.ts'

const binary = process.env['VPP_BINARY']
if (binary === undefined) console.info('VPP_BINARY is not set: NAT is not tried on a real VPP')

describe.runIf(binary !== undefined)('NAT as items, on a real VPP', () => {
  nat(async () => {
    const vpp = await VppProcess.start(binary ?? '', process.env['VPP_PLUGIN_PATH'])
    return { path: vpp.apiSocket, [Symbol.asyncDispose]: () => vpp[Symbol.asyncDispose]() }
  })
})
