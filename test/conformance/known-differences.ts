import { readFileSync } from 'node:fs'
import type { Subject, Vector } from './vector.ts'
import type { FormDifference } from './form-vector.ts'

/** A place where vpp_papi is not followed. */
interface KnownDifference {
  readonly id: string
  readonly reason: string
  /** Messages where it is seen, or only their number where they are many. */
  readonly messages: readonly string[] | number
}

/** The differences that are known: `values` in the full run, `forms` among the committed texts. */
interface KnownDifferences {
  readonly values: readonly KnownDifference[]
  readonly forms: readonly KnownDifference[]
}

/** Differences seen in a run. */
export class Ledger {
  readonly #seen = new Map<string, Set<string>>()

  note(id: string, message: string): void {
    const messages = this.#seen.get(id) ?? new Set()
    this.#seen.set(id, messages.add(message))
  }

  /** What is seen but not listed, and what is listed but not seen. */
  compare(kind: keyof KnownDifferences): string[] {
    const text = readFileSync(new URL('known-differences.json', import.meta.url), 'utf8')
    const known = (JSON.parse(text) as KnownDifferences)[kind]
    const ids = new Set([...known.map(({ id }) => id), ...this.#seen.keys()])
    return [...ids].flatMap((id) => {
      const listed = known.find((entry) => entry.id === id)?.messages ?? []
      const seen = [...(this.#seen.get(id) ?? [])].sort()
      if (typeof listed === 'number') {
        return listed === seen.length ? [] : [`${id}: seen in ${seen.length} messages, listed with ${listed}`]
      }
      const unlisted = seen.filter((message) => !listed.includes(message))
      const unseen = listed.filter((message) => !seen.includes(message))
      return [
        ...unlisted.map((message) => `${id}: ${message} is not listed`),
        ...unseen.map((message) => `${id}: ${message} is listed, but agrees`),
      ]
    })
  }
}

/**
 * Compares a codec with a vector of the full run.
 * @returns disagreements for which there is no explanation; those that have one go to the ledger
 */
export function unexplained(subject: Subject, vector: Vector, ledger: Ledger): string[] {
  const { message } = vector
  if (vector.error !== undefined) {
    if (vector.case !== 'omitted' || !vector.error.includes("'NoneType' has no len()")) {
      return [`${message} (${vector.case}): vpp_papi failed: ${vector.error}`]
    }
    ledger.note('array-left-out', message)
    // There are no bytes to compare with, but ours must know what to do.
    subject.decode(subject.encode({}, vector.header))
    return []
  }
  if (vector.size !== undefined) ledger.note('empty-string-size', message)
  return subject.disagreements(vector)
}

/** Puts a difference in reading a text into the ledger. */
export function noteForm({ vector, ours }: FormDifference, ledger: Ledger): void {
  const { message, read, error } = vector
  if (error?.endsWith('has host bits set') === true) ledger.note('host-bits-refused', message)
  else if (ours === vector.text && typeof read === 'string') ledger.note('host-bits-dropped', message)
  else ledger.note(`unexplained: ${ours} for ${read ?? error}`, message)
}
