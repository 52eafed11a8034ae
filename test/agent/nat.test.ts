import { Simulator } from '@vpp-ts/simulator'
import { describe } from 'vitest'
import { nat } from './nat.ts'

describe('NAT as items, on a simulated VPP', () => {
  nat(() => Simulator.start())
})
