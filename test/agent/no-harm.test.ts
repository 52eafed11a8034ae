import { Simulator } from '@vpp-ts/simulator'
import { describe } from 'vitest'
import { noHarm } from './no-harm.ts'

describe('no harm is done, on a simulated VPP', () => {
  noHarm(() => Simulator.start())
})
