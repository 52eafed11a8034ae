import { RetvalError } from '../errors.ts'
import type { Interfaces } from './interfaces.ts'

const HEADER_STEP = 32
const SMALLEST_HEADER = 64
const LARGEST_HEADER = 256

/** sFlow, as far as it is configuration. */
export class Sflow {
  samplingRate = 10_000
  pollingInterval = 20
  direction = 1
  dropMonitoring = 0
  #headerBytes = 128
  readonly #enabled = new Set<number>()
  readonly #interfaces: Interfaces

  constructor(interfaces: Interfaces) {
    this.#interfaces = interfaces
  }

  get headerBytes(): number {
    return this.#headerBytes
  }

  /** Rounded up to a multiple of 32 from 64 to 256, as VPP does. */
  set headerBytes(bytes: number) {
    const rounded = Math.ceil(bytes / HEADER_STEP) * HEADER_STEP
    this.#headerBytes = Math.min(LARGEST_HEADER, Math.max(SMALLEST_HEADER, rounded))
  }

  /** Hardware indexes that are sampled; that of a deleted interface stays for the next one that has it, as in VPP. */
  enabled(): number[] {
    return [...this.#enabled].sort((a, b) => a - b)
  }

  /** @throws RetvalError -2 for an unknown interface or a sub-interface, -81 when it is so already */
  enable(swIfIndex: number, on: boolean): void {
    const { hwIfIndex, sub } = this.#interfaces.get(swIfIndex)
    if (sub !== undefined) throw new RetvalError('INVALID_SW_IF_INDEX')
    if (this.#enabled.has(hwIfIndex) === on) throw new RetvalError('VALUE_EXIST')
    if (on) this.#enabled.add(hwIfIndex)
    else this.#enabled.delete(hwIfIndex)
  }
}
