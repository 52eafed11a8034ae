import type { Interfaces } from './interfaces.ts'

/** Limits of the segment size that TCP connections announce; 0 and no direction where there is none. */
export interface MssClamp {
  readonly ipv4Mss: number
  readonly ipv6Mss: number
  /** `MSS_CLAMP_DIR_…` */
  readonly ipv4Direction: number
  readonly ipv6Direction: number
}

/** Clamps by interface; the one of a deleted interface is that of the next with its index, as in VPP. */
export class MssClamps {
  readonly #clamps = new Map<number, MssClamp>()
  readonly #interfaces: Interfaces

  constructor(interfaces: Interfaces) {
    this.#interfaces = interfaces
  }

  /** @throws RetvalError -2 for an unknown interface */
  set(swIfIndex: number, { ipv4Mss, ipv6Mss, ipv4Direction, ipv6Direction }: MssClamp): void {
    this.#interfaces.get(swIfIndex)
    this.#clamps.set(swIfIndex, {
      ipv4Mss: ipv4Direction === 0 ? 0 : ipv4Mss,
      ipv6Mss: ipv6Direction === 0 ? 0 : ipv6Mss,
      ipv4Direction,
      ipv6Direction,
    })
  }

  /** Length of VPP's list, which has a place for every index up to the greatest that was ever set. */
  get length(): number {
    return Math.max(0, ...[...this.#clamps.keys()].map((swIfIndex) => swIfIndex + 1))
  }

  /** The clamps that are on, by interface. */
  enabled(): [swIfIndex: number, clamp: MssClamp][] {
    return [...this.#clamps]
      .filter(([, { ipv4Direction, ipv6Direction }]) => ipv4Direction !== 0 || ipv6Direction !== 0)
      .sort(([a], [b]) => a - b)
  }
}
