import type { Interfaces } from './interfaces.ts'
import { FreeNumbers } from './pool.ts'
import { comparePaths, samePath } from './route.ts'
import type { Path } from './route.ts'

/** A tunnel into MPLS: an interface whose packets get labels. */
export interface MplsTunnel {
  readonly swIfIndex: number
  /** Place in VPP's list, and number in the name. */
  readonly tunnelIndex: number
  readonly l2Only: boolean
  readonly isMulticast: boolean
  readonly tag: string
  readonly paths: readonly Path[]
}

/** What a tunnel is made from. */
export type MplsTunnelInit = Pick<MplsTunnel, 'l2Only' | 'isMulticast' | 'tag'>

/** Tunnels into MPLS. */
export class MplsTunnels implements Iterable<MplsTunnel> {
  readonly #tunnels = new Map<number, MplsTunnel>()
  readonly #indexes = new FreeNumbers()
  readonly #interfaces: Interfaces

  constructor(interfaces: Interfaces) {
    this.#interfaces = interfaces
  }

  [Symbol.iterator](): Iterator<MplsTunnel> {
    return [...this.#tunnels.values()].sort((a, b) => a.tunnelIndex - b.tunnelIndex)[Symbol.iterator]()
  }

  find(swIfIndex: number): MplsTunnel | undefined {
    return this.#tunnels.get(swIfIndex)
  }

  /** Makes a tunnel without paths. */
  add(init: MplsTunnelInit): MplsTunnel {
    const tunnelIndex = this.#indexes.take()
    const { swIfIndex } = this.#interfaces.add({
      name: `mpls-tunnel${tunnelIndex}`,
      devType: 'MPLS tunnel device',
      mtu: [9000, 0, 0, 0],
    })
    const made = { ...init, swIfIndex, tunnelIndex, paths: [] }
    this.#tunnels.set(swIfIndex, made)
    return made
  }

  /** Adds paths; nothing happens where there is no such tunnel, as in VPP. */
  addPaths(swIfIndex: number, paths: readonly Path[]): void {
    const known = this.#tunnels.get(swIfIndex)
    if (known === undefined) return
    const kept = known.paths.filter((it) => !paths.some((path) => samePath(path, it)))
    this.#tunnels.set(swIfIndex, { ...known, paths: [...kept, ...paths].sort(comparePaths) })
  }

  /** Takes paths away, and the tunnel with its last one; nothing happens where there is no such tunnel. */
  removePaths(swIfIndex: number, paths: readonly Path[]): void {
    const known = this.#tunnels.get(swIfIndex)
    if (known === undefined) return
    const left = known.paths.filter((it) => !paths.some((path) => samePath(path, it)))
    if (left.length > 0) {
      this.#tunnels.set(swIfIndex, { ...known, paths: left })
      return
    }
    this.#tunnels.delete(swIfIndex)
    this.#indexes.give(known.tunnelIndex)
    this.#interfaces.delete(swIfIndex)
  }
}
