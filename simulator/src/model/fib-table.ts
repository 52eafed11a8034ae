import { formatAddress, masked, networkOf, parseAddress, parsePrefix } from './prefix.ts'
import type { Family } from './prefix.ts'
import type { FibSources } from './fib-sources.ts'
import { SOURCE } from './fib-sources.ts'
import { PATH_TYPE, makePath } from './route.ts'
import type { Contribution, Path, Route } from './route.ts'

type Mutable = { -readonly [K in keyof Route]: Route[K] }

/** Hands out the numbers of load balances, which are indexes of counters in the stats segment. */
export interface StatsIndexes {
  take(): number
  give(index: number): void
}

const DEFAULTS: Readonly<
  Record<Family, readonly (readonly [prefix: string, source: number, type: number])[]>
> = {
  4: [
    ['0.0.0.0/0', SOURCE.DEFAULT_ROUTE, PATH_TYPE.DROP],
    ['0.0.0.0/32', SOURCE.DEFAULT_ROUTE, PATH_TYPE.DROP],
    ['240.0.0.0/4', SOURCE.SPECIAL, PATH_TYPE.DROP],
    ['224.0.0.0/4', SOURCE.SPECIAL, PATH_TYPE.DROP],
    ['255.255.255.255/32', SOURCE.DEFAULT_ROUTE, PATH_TYPE.DROP],
  ],
  6: [
    ['::/0', SOURCE.DEFAULT_ROUTE, PATH_TYPE.DROP],
    ['fe80::/10', SOURCE.SPECIAL, PATH_TYPE.NORMAL],
  ],
}

/** Who makes tables; each of them has to delete what it made. */
export type TableOwner = 'api' | 'cli'

/** One routing table. */
export class FibTable implements Iterable<Route> {
  readonly tableId: number
  readonly family: Family
  readonly name: string
  /** What packets are spread over paths by: bits of `ip_flow_hash_config_v2`. */
  flowHash = 0x9f
  /** Who has made it and not deleted it: clients, the command line. Without anyone it stays while it is in use. */
  readonly owners = new Set<TableOwner>()
  readonly #routes = new Map<string, Mutable>()
  readonly #sources: FibSources
  readonly #indexes: StatsIndexes
  /** Prefixes that were not set again since `beginReplace`. */
  #stale: Set<string> | undefined

  constructor(
    family: Family,
    tableId: number,
    name: string,
    parts: { readonly sources: FibSources; readonly indexes: StatsIndexes },
  ) {
    this.family = family
    this.tableId = tableId
    this.name = name
    this.#sources = parts.sources
    this.#indexes = parts.indexes
    for (const [prefix, source, type] of DEFAULTS[family]) {
      this.set(prefix, source, [makePath({ type, proto: family === 6 ? 1 : 0 })])
    }
  }

  get size(): number {
    return this.#routes.size
  }

  [Symbol.iterator](): Iterator<Route> {
    return this.#routes.values()
  }

  /** The route of exactly this prefix, written as in `networkOf`. */
  get(prefix: string): Route | undefined {
    return this.#routes.get(prefix)
  }

  /** The route that packets to an address take. */
  lookup(address: string): Route | undefined {
    return this.cover(address, this.family === 4 ? 32 : 128)
  }

  /** The route with the longest prefix of at most `longest` bits that holds an address. */
  cover(address: string, longest: number): Route | undefined {
    const bytes = parseAddress(address)
    for (let length = longest; length >= 0; length--) {
      const found = this.#routes.get(`${formatAddress(masked(bytes, length))}/${length}`)
      if (found !== undefined) return found
    }
    return undefined
  }

  /**
   * Sets what a source says about a prefix, in place of what it said before.
   * @param shownPrefix the prefix with its host bits
   */
  set(prefix: string, source: number, paths: readonly Path[], shownPrefix = prefix): Route {
    const route = this.#routes.get(prefix)
    this.#stale?.delete(prefix)
    if (route === undefined) {
      const added = {
        prefix,
        shownPrefix,
        tableId: this.tableId,
        statsIndex: this.#indexes.take(),
        contributions: [{ source, paths }],
      }
      this.#routes.set(prefix, added)
      return added
    }
    const others = route.contributions.filter((it) => it.source !== source)
    route.contributions = this.#sorted([...others, { source, paths }])
    return route
  }

  /** What a source says about a prefix. */
  pathsOf(prefix: string, source: number): readonly Path[] {
    return this.#routes.get(prefix)?.contributions.find((it) => it.source === source)?.paths ?? []
  }

  /** Forgets what a source says about a prefix; without any source the prefix is gone. */
  remove(prefix: string, source: number): void {
    const route = this.#routes.get(prefix)
    if (route === undefined) return
    const left = route.contributions.filter((it) => it.source !== source)
    route.contributions = left
    if (left.length > 0) return
    this.#routes.delete(prefix)
    this.#indexes.give(route.statsIndex)
  }

  /** From now on remembers which routes of clients are set again. */
  beginReplace(): void {
    this.#stale = new Set()
    for (const { prefix, contributions } of this.#routes.values()) {
      if (contributions.some((it) => it.source === SOURCE.API)) this.#stale.add(prefix)
    }
  }

  /** Those that were not set again. */
  endReplace(): Iterable<string> {
    const stale = this.#stale ?? []
    this.#stale = undefined
    return stale
  }

  /** How many routes there are of each prefix length. */
  countByLength(): Map<number, number> {
    const counts = new Map<number, number>()
    for (const { prefix } of this) {
      const { length } = parsePrefix(prefix)
      counts.set(length, (counts.get(length) ?? 0) + 1)
    }
    return new Map([...counts].sort(([a], [b]) => a - b))
  }

  #sorted(contributions: Contribution[]): Contribution[] {
    const priority = (it: Contribution): number => this.#sources.priorityOf(it.source)
    return contributions.sort((a, b) => priority(a) - priority(b))
  }
}

/** A prefix as tables have it: without host bits. */
export function normalPrefix(prefix: string): string {
  return networkOf(parsePrefix(prefix))
}
