/** A kind of origin of routes. Of several sources of one prefix the one with the lowest priority number wins. */
export interface FibSource {
  readonly id: number
  readonly priority: number
  readonly name: string
}

/** Ids of sources that the model itself uses. */
export const SOURCE = {
  SPECIAL: 1,
  INTERFACE: 4,
  API: 8,
  CLI: 9,
  DHCP: 12,
  ND_PROXY: 13,
  ADJACENCY: 15,
  RECURSIVE_RESOLUTION: 18,
  DEFAULT_ROUTE: 20,
  DET44_LOW: 25,
  NAT44_EI_LOW: 29,
  NAT64_LOW: 32,
  NAT44_ED_LOW: 34,
} as const

/** Name and priority by id. */
const BUILT_IN: readonly (readonly [string, number])[] = [
  ['invalid', 255],
  ['special', 0],
  ['classify', 1],
  ['proxy', 2],
  ['interface', 3],
  ['SR', 16],
  ['BIER', 32],
  ['6RD', 48],
  ['API', 128],
  ['CLI', 129],
  ['LISP', 144],
  ['MAP', 160],
  ['DHCP', 176],
  ['IPv6-proxy-nd', 192],
  ['IPv6-nd', 193],
  ['adjacency', 208],
  ['mpls', 224],
  ['attached_export', 240],
  ['recursive-resolution', 251],
  ['urpf-exempt', 252],
  ['default-route', 253],
  ['interpose', 254],
  ['path-mtu', 16],
  ['cnat', 2],
  ['det44-hi', 16],
  ['det44-low', 208],
  ['dslite-hi', 16],
  ['ila', 16],
  ['lb', 16],
  ['nat44-ei-low', 208],
  ['nat44-ei-hi', 16],
  ['nat64-hi', 16],
  ['nat64-low', 208],
  ['nat66-hi', 16],
  ['nat-low', 208],
  ['nat-hi', 16],
  ['pppoe', 16],
  ['svs', 208],
]

/** The sources of a VPP with its usual plugins, and those that clients add. */
export class FibSources implements Iterable<FibSource> {
  readonly #sources: FibSource[] = BUILT_IN.map(([name, priority], id) => ({ id, priority, name }))

  /** Adds a source, or finds the one of that name. */
  add(name: string, priority: number): FibSource {
    const known = this.#sources.find((it) => it.name === name)
    if (known !== undefined) return known
    const added = { id: this.#sources.length, priority, name }
    this.#sources.push(added)
    return added
  }

  [Symbol.iterator](): Iterator<FibSource> {
    return this.#sources[Symbol.iterator]()
  }

  /** Priority of a source; that of the last when there is no such source. */
  priorityOf(id: number): number {
    return this.#sources[id]?.priority ?? 255
  }
}
