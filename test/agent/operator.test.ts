import { join } from 'node:path'
import { Simulator } from '@vpp-ts/simulator'
import { describe } from 'vitest'
import { temporaryFolder } from './managed.ts'
import { operated } from './operator.ts'

describe('an operator, on the simulator', () => {
  operated(async () => {
    const folder = await temporaryFolder()
    const path = join(folder.path, 'api.sock')
    const vpp = await Simulator.start({ path })
    return {
      path,
      async [Symbol.asyncDispose]() {
        await vpp[Symbol.asyncDispose]()
        await folder[Symbol.asyncDispose]()
      },
    }
  })
})
