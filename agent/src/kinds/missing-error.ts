import { called } from '../model/item-ref.ts'

/** Something that a change needs is not there, or its index is not known. */
export class MissingError extends Error {
  /** Id of what is missing. */
  readonly missing: string

  constructor(kind: string, key: string) {
    super(`${called({ kind, key })} is not in VPP`)
    this.name = new.target.name
    this.missing = `${kind} ${key}`
  }
}
