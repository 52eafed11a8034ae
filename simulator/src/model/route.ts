import { parseAddress } from './prefix.ts'

/** `FIB_API_PATH_TYPE_…`, as far as the model makes its own paths. */
export const PATH_TYPE = { NORMAL: 0, LOCAL: 1, DROP: 2, ICMP_UNREACH: 5, ICMP_PROHIBIT: 6 } as const

/** "None" in fields that hold an index. */
const NONE = 0xffff_ffff

/** One way that packets of a route may take. */
export interface Path {
  /** Interface; 0xffffffff when the next hop decides. */
  readonly swIfIndex: number
  /** Table that the next hop is looked up in. */
  readonly tableId: number
  readonly weight: number
  readonly preference: number
  /** `FIB_API_PATH_TYPE_…` */
  readonly type: number
  /** `FIB_API_PATH_FLAG_…` */
  readonly flags: number
  /** `FIB_API_PATH_NH_PROTO_…`: 0 is IPv4, 1 is IPv6. */
  readonly proto: number
  /** Address of the next hop; undefined when there is none, as on an attached route. */
  readonly nextHop: string | undefined
  readonly labels: readonly PathLabel[]
  /** The interface was deleted: nothing goes this way any more, until the route is deleted and added again. */
  readonly dead: boolean
}

/** An MPLS label that the path puts on. */
export interface PathLabel {
  readonly isUniform: number
  readonly label: number
  readonly ttl: number
  readonly exp: number
}

/** What one source says about a prefix. */
export interface Contribution {
  /** Id of the source, as `fib_source_dump` has it. */
  readonly source: number
  readonly paths: readonly Path[]
}

/** A prefix in a table. */
export interface Route {
  /** `10.0.0.0/24`: without host bits. */
  readonly prefix: string
  /** As VPP shows it: of IPv4 with the host bits that it was given when the route was made. */
  readonly shownPrefix: string
  readonly tableId: number
  readonly statsIndex: number
  /** Best source first; its paths are those in force. */
  readonly contributions: readonly Contribution[]
}

/** A path from a few of its properties. */
export function makePath(init: Partial<Path>): Path {
  return {
    swIfIndex: NONE,
    tableId: 0,
    weight: 1,
    preference: 0,
    type: PATH_TYPE.NORMAL,
    flags: 0,
    proto: 0,
    nextHop: undefined,
    labels: [],
    dead: false,
    ...init,
  }
}

/** True when two paths lead the same way; weight and preference do not count. */
export function samePath(a: Path, b: Path): boolean {
  return (
    a.swIfIndex === b.swIfIndex &&
    a.nextHop === b.nextHop &&
    a.type === b.type &&
    a.tableId === b.tableId &&
    a.proto === b.proto
  )
}

/** VPP's order of the paths of a list. */
export function comparePaths(a: Path, b: Path): number {
  const [x, y] = [a, b].map(({ nextHop }) =>
    nextHop === undefined ? new Uint8Array() : parseAddress(nextHop),
  )
  return (
    a.preference - b.preference ||
    a.type - b.type ||
    Buffer.compare(x as Uint8Array, y as Uint8Array) ||
    a.swIfIndex - b.swIfIndex
  )
}
