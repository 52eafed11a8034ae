export { SimulatedVpp } from './simulated-vpp.ts'
export type { SimulatedVppOptions } from './simulated-vpp.ts'
export type { Flow, Traffic } from '../model/traffic.ts'
