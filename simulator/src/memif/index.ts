export { respondAs, type PacketHandler, type Reply } from './reply.ts'
export {
  SimulatedMemif,
  type SimulatedMemifOptions,
  type SimulatedTraffic,
  type TakeOptions,
} from './simulated-memif.ts'
export type { RingDamage } from './ring-damage.ts'
export { TrafficSource, type TrafficOptions } from './traffic-source.ts'
