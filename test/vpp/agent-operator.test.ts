import { describe } from 'vitest'
import { operated } from '../agent/operator.ts'
import { VppProcess, vppBinary, vppPlugins } from './real-vpp.ts'

if (vppBinary === undefined) console.info('VPP_BINARY is not set: no real VPP is operated')

describe.runIf(vppBinary !== undefined)('an operator, on a real VPP', () => {
  operated(async () => {
    const vpp = await VppProcess.start(vppBinary ?? '', vppPlugins)
    return { path: vpp.apiSocket, [Symbol.asyncDispose]: () => vpp[Symbol.asyncDispose]() }
  })
})
