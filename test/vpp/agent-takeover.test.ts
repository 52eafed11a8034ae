import { describe } from 'vitest'
import { setUpByCli } from '../agent/set-up-by-cli.ts'
import { VppProcess } from './real-vpp.ts'

const binary = process.env['VPP_BINARY']
if (binary === undefined) console.info('VPP_BINARY is not set: taking over is not tried on a real VPP')

describe.runIf(binary !== undefined)('a router that was set up by the CLI, on a real VPP', () => {
  setUpByCli(async () => {
    const vpp = await VppProcess.start(binary ?? '', process.env['VPP_PLUGIN_PATH'])
    return { path: vpp.apiSocket, [Symbol.asyncDispose]: () => vpp[Symbol.asyncDispose]() }
  })
})
