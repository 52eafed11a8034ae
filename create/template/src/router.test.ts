import { Simulator } from '@vpp-ts/simulator'
import { VppConnection } from '@vpp-ts/vpp'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { prefixes, setUp } from './router.ts'

let simulator: Simulator
let vpp: VppConnection
beforeEach(async () => {
  simulator = await Simulator.start()
  vpp = await VppConnection.connect(simulator.path)
})
afterEach(async () => {
  await vpp.close()
  await simulator.close()
})

it('gives the router an address', async () => {
  await setUp(vpp, '192.0.2.1/24')
  expect(await prefixes(vpp)).toContain('192.0.2.1/32')
})

it('fails for an address that is there already', async () => {
  await setUp(vpp, '192.0.2.1/24')
  await expect(setUp(vpp, '192.0.2.1/24')).rejects.toMatchObject({ code: 'VPP_API_ERROR' })
})
