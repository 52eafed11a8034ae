import { VppConnection, VppError } from '@vpp-ts/vpp'
import { prefixes, setUp } from './router.ts'

const socket = process.env['VPP_API_SOCKET'] ?? '/run/vpp/api.sock'
try {
  const vpp = await VppConnection.connect(socket)
  try {
    const { swIfIndex, address } = await setUp(vpp, process.argv[2] ?? '192.0.2.1/24')
    console.log(`interface ${swIfIndex} has ${address}; routes: ${(await prefixes(vpp)).join(', ')}`)
  } finally {
    await vpp.close()
  }
} catch (error) {
  if (!(error instanceof VppError)) throw error
  console.error(`${error.code}: ${error.message}`)
  process.exitCode = 1
}
