import type { Api } from './api.ts'
import { instancePath } from './paths.ts'

/** Interfaces fetched at a time, so that no answer takes long to read. */
const PAGE = 500
/** Milliseconds between two questions. */
const PAUSE = 5000

/** What the agent reports of an interface, apart from what changes all the time. */
export interface FactsOfInterface {
  readonly swIfIndex: number
  /** Kbit/s; 0 when unknown. */
  readonly linkSpeed: number
  readonly vlan: string | null
  readonly addresses: readonly string[]
  readonly table: number | null
  readonly table6: number | null
  readonly origin: string | null
}

/** Addresses, tables, VLANs and owners of the interfaces, asked for when something may have changed. */
export class InterfaceFacts {
  readonly #api: Api
  readonly #changed: () => void
  #byIndex: ReadonlyMap<number, FactsOfInterface> = new Map()
  #seen = ''
  #askedAt = -Infinity
  #busy = false

  /** @param changed is called when they are there */
  constructor(api: Api, changed: () => void) {
    this.#api = api
    this.#changed = changed
  }

  of(swIfIndex: number): FactsOfInterface | undefined {
    return this.#byIndex.get(swIfIndex)
  }

  /** Asks again when what is seen is not what it was. @param seen names the state of the instance */
  update(instance: string, seen: string): void {
    if (seen === this.#seen || this.#busy || performance.now() - this.#askedAt < PAUSE) return
    this.#seen = seen
    this.#askedAt = performance.now()
    void this.#load(instance)
  }

  async #load(instance: string): Promise<void> {
    this.#busy = true
    const byIndex = new Map<number, FactsOfInterface>()
    try {
      for (let offset = 0, total = 1; offset < total; offset += PAGE) {
        const path = instancePath(instance, 'interfaces')
        const answer = await this.#api.get<{ total: number; interfaces: FactsOfInterface[] }>(path, {
          limit: PAGE,
          offset,
        })
        for (const it of answer.interfaces) byIndex.set(it.swIfIndex, it)
        total = answer.total
      }
      this.#byIndex = byIndex
      this.#changed()
    } catch {
      // The live feed reports why the agent cannot answer; it is asked again.
      this.#seen = ''
    } finally {
      this.#busy = false
    }
  }
}

/** Table or tables of an interface: `10`, or `10 / 12` when those of the families differ. */
export function tableText(facts: FactsOfInterface | undefined): string {
  if (facts === undefined || facts.table === null) return ''
  const { table, table6 } = facts
  return table6 === null || table6 === table ? String(table) : `${table} / ${table6}`
}
