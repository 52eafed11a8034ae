import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Simulator } from '@vpp-ts/simulator'
import { contractSuite } from './contract.ts'

contractSuite('simulator', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vpp-ts-contract-'))
  const path = join(folder, 'api.sock')
  const simulator = await Simulator.start({ path })
  return {
    path,
    stop: async () => {
      await simulator.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
})
