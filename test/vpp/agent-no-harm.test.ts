import { describe } from 'vitest'
import { noHarm } from '../agent/no-harm.ts'
import { VppProcess } from './real-vpp.ts'

const binary = process.env['VPP_BINARY']
if (binary === undefined) console.info('VPP_BINARY is not set: no harm is looked for on a real VPP')

describe.runIf(binary !== undefined)('no harm is done, on a real VPP', () => {
  noHarm(async () => {
    const vpp = await VppProcess.start(binary ?? '', process.env['VPP_PLUGIN_PATH'])
    return { path: vpp.apiSocket, [Symbol.asyncDispose]: () => vpp[Symbol.asyncDispose]() }
  })
})
