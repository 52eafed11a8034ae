import { describe } from 'vitest'
import { gateway } from '../agent/gateway.ts'
import { VppProcess } from './real-vpp.ts'

const binary = process.env['VPP_BINARY']
if (binary === undefined) console.info('VPP_BINARY is not set: kinds of gateways are not tried on a real VPP')

describe.runIf(binary !== undefined)('kinds of gateways, on a real VPP', () => {
  gateway(async () => {
    const vpp = await VppProcess.start(binary ?? '', process.env['VPP_PLUGIN_PATH'])
    return { path: vpp.apiSocket, [Symbol.asyncDispose]: () => vpp[Symbol.asyncDispose]() }
  })
})
