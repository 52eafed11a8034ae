import { AgentError } from '../model/errors.ts'

/** A key of a configuration that no item says, and why. */
export interface LeftOut {
  /** As in `interfaces.eth0.mpls`. */
  readonly key: string
  readonly reason: string
}

/** A mapping of a vppcfg configuration that is read key by key; unread keys are reported at the end. */
export class Section {
  readonly path: string
  readonly #fields: Map<string, unknown>
  readonly #leftOut: LeftOut[]

  constructor(path: string, value: unknown, leftOut: LeftOut[]) {
    this.path = path
    this.#leftOut = leftOut
    if (value !== undefined && (typeof value !== 'object' || Array.isArray(value)))
      throw wrong(path, 'expected a mapping')
    this.#fields = new Map(Object.entries(value ?? {}))
  }

  /** Reads a key; null is as if it were not there. */
  take(key: string): unknown {
    const value = this.#fields.get(key)
    this.#fields.delete(key)
    return value ?? undefined
  }

  /** Reads text, which YAML may take for a number. */
  text(key: string): string | undefined {
    const value = this.take(key)
    if (value === undefined) return undefined
    if (typeof value === 'string' || typeof value === 'number') return String(value)
    throw wrong(this.at(key), 'expected text')
  }

  number(key: string): number | undefined {
    const value = this.take(key)
    if (value === undefined || typeof value === 'number') return value
    throw wrong(this.at(key), 'expected a number')
  }

  flag(key: string): boolean | undefined {
    const value = this.take(key)
    if (value === undefined || typeof value === 'boolean') return value
    throw wrong(this.at(key), 'expected true or false')
  }

  list(key: string): readonly unknown[] {
    const value = this.take(key)
    if (value === undefined) return []
    if (Array.isArray(value)) return value
    throw wrong(this.at(key), 'expected a list')
  }

  texts(key: string): string[] {
    return this.list(key).map(String)
  }

  /** A mapping below this one. */
  section(key: string): Section {
    return new Section(this.at(key), this.take(key), this.#leftOut)
  }

  /** All mappings below this one, by their keys. */
  *sections(): Iterable<[name: string, section: Section]> {
    for (const name of this.#fields.keys()) yield [name, this.section(name)]
  }

  /** Leaves out a key, if it is there. */
  leaveOut(key: string, reason: string): void {
    if (this.take(key) !== undefined) this.note(key, reason)
  }

  /** Tells that something is left out. */
  note(key: string, reason: string): void {
    this.#leftOut.push({ key: this.at(key), reason })
  }

  /** Reports keys that were not read. */
  end(): void {
    for (const key of this.#fields.keys()) this.note(key, 'not a key of vppcfg 1.2.4')
    this.#fields.clear()
  }

  at(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`
  }
}

/** What is wrong with a configuration. */
export function wrong(path: string, message: string): AgentError {
  return new AgentError('AGENT_INVALID_ITEM', `${path}: ${message}`)
}
