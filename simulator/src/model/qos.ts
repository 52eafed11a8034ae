import { RetvalError } from '../errors.ts'
import type { Interfaces } from './interfaces.ts'

/** Rows of a map of marks, one for each source, as bytes. */
export type QosRows = readonly Uint8Array[]

/** A mark that packets get as they leave. */
export interface QosMark {
  readonly swIfIndex: number
  /** `QOS_API_SOURCE_…` */
  readonly source: number
  /** Undefined: its map was deleted. */
  readonly mapId: number | undefined
}

/** What an interface records or stores, with how often that was asked for. */
export interface QosSetting {
  readonly swIfIndex: number
  readonly source: number
  readonly value: number
}

const SOURCES = [0, 1, 2, 3] as const
const IP = 3

/** By source, as far as the greatest interface that was ever asked for. */
class PerInterface {
  readonly #by = SOURCES.map(() => new Map<number, { times: number; value: number }>())
  readonly #greatest = SOURCES.map(() => -1)

  enable(source: number, swIfIndex: number, value: number): void {
    const it = this.#by[source]?.get(swIfIndex)
    // Only the first one's value counts.
    this.#by[source]?.set(swIfIndex, { times: (it?.times ?? 0) + 1, value: it?.value ?? value })
    this.#greatest[source] = Math.max(this.#greatest[source] ?? -1, swIfIndex)
  }

  /** @throws RetvalError -54 beyond all interfaces that had any, -81 where there is none */
  disable(source: number, swIfIndex: number): void {
    if (swIfIndex > (this.#greatest[source] ?? -1)) throw new RetvalError('NO_MATCHING_INTERFACE')
    const it = this.#by[source]?.get(swIfIndex)
    if (it === undefined) throw new RetvalError('VALUE_EXIST')
    if (it.times === 1) this.#by[source]?.delete(swIfIndex)
    else this.#by[source]?.set(swIfIndex, { ...it, times: it.times - 1 })
  }

  forget(swIfIndex: number): void {
    for (const by of this.#by) by.delete(swIfIndex)
  }

  *[Symbol.iterator](): Iterator<QosSetting> {
    for (const source of SOURCES) {
      const all = [...(this.#by[source] ?? [])].sort(([a], [b]) => a - b)
      for (const [swIfIndex, { value }] of all) yield { swIfIndex, source, value }
    }
  }
}

/** Quality of service: what is recorded of packets that come, and written to those that go. */
export class Qos {
  readonly #interfaces: Interfaces
  readonly #maps = new Map<number, QosRows>()
  readonly #records = new PerInterface()
  readonly #stores = new PerInterface()
  readonly #marks = SOURCES.map(() => new Map<number, { readonly id: number; readonly rows: object }>())
  readonly #handles = new Map<number, object>()
  readonly #greatestMark = SOURCES.map(() => -1)

  constructor(interfaces: Interfaces) {
    this.#interfaces = interfaces
  }

  get maps(): ReadonlyMap<number, QosRows> {
    return this.#maps
  }

  get records(): Iterable<QosSetting> {
    return this.#records
  }

  get stores(): Iterable<QosSetting> {
    return this.#stores
  }

  /** In VPP's order. */
  *marks(): Iterable<QosMark> {
    for (const source of SOURCES) {
      const all = [...(this.#marks[source] ?? [])].sort(([a], [b]) => a - b)
      for (const [swIfIndex, { id, rows }] of all) {
        yield { swIfIndex, source, mapId: this.#handles.get(id) === rows ? id : undefined }
      }
    }
  }

  /** Makes a map, or changes it. */
  setMap(id: number, rows: QosRows): void {
    this.#maps.set(id, rows)
    if (!this.#handles.has(id)) this.#handles.set(id, {})
  }

  /** Interfaces keep marks of a map that is deleted, as in VPP. */
  deleteMap(id: number): void {
    this.#maps.delete(id)
    this.#handles.delete(id)
  }

  /** @throws RetvalError -2 for an unknown interface, -7 for an unknown source, others where there is none */
  record(swIfIndex: number, source: number, on: boolean): void {
    this.#interfaces.get(swIfIndex)
    if (source > IP) throw new RetvalError('INVALID_VALUE')
    if (on) this.#records.enable(source, swIfIndex, 0)
    else this.#records.disable(source, swIfIndex)
  }

  /** @throws RetvalError -2 for an unknown interface, -7 for an unknown source, -9 for one other than IP */
  store(swIfIndex: number, source: number, value: number, on: boolean): void {
    this.#interfaces.get(swIfIndex)
    if (source > IP) throw new RetvalError('INVALID_VALUE')
    if (!on) this.#stores.disable(source, swIfIndex)
    else if (source === IP) this.#stores.enable(source, swIfIndex, value)
    else throw new RetvalError('UNIMPLEMENTED')
  }

  /** VPP does not ask whether there is such an interface. @throws RetvalError -7 for an unknown source, others */
  mark(swIfIndex: number, source: number, mapId: number, on: boolean): void {
    const marks = this.#marks[source]
    if (marks === undefined) throw new RetvalError('INVALID_VALUE')
    if (on) {
      this.#greatestMark[source] = Math.max(this.#greatestMark[source] ?? -1, swIfIndex)
      const rows = this.#handles.get(mapId)
      if (rows === undefined) throw new RetvalError('NO_SUCH_TABLE')
      marks.set(swIfIndex, { id: mapId, rows })
      return
    }
    if (swIfIndex > (this.#greatestMark[source] ?? -1)) throw new RetvalError('NO_MATCHING_INTERFACE')
    if (!marks.delete(swIfIndex)) throw new RetvalError('VALUE_EXIST')
  }

  /** An interface was deleted. Its marks are those of the next one with its index, as in VPP. */
  forget(swIfIndex: number): void {
    this.#records.forget(swIfIndex)
    this.#stores.forget(swIfIndex)
  }
}
