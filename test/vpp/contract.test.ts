import { describe, expect, it } from 'vitest'
import { contractSuite } from '../contract/contract.ts'
import { VppProcess, vppBinary, vppPlugins, vppSocket } from './real-vpp.ts'

const path = vppSocket
const binary = vppBinary
if (path !== undefined) {
  contractSuite('real VPP', () => Promise.resolve({ path, stop: () => Promise.resolve() }))
} else if (binary !== undefined) {
  contractSuite('real VPP', async () => {
    const vpp = await VppProcess.start(binary, vppPlugins)
    return { path: vpp.apiSocket, stop: () => vpp[Symbol.asyncDispose]() }
  })
} else {
  describe('contract: real VPP', () => {
    it('needs VPP_API_SOCKET (a running VPP) or VPP_BINARY (a VPP to start)', () => {
      expect.fail('no real VPP: set VPP_API_SOCKET=/run/vpp/api.sock, or VPP_BINARY and VPP_PLUGIN_PATH')
    })
  })
}
