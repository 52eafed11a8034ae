/** The last revision of an instance, as the store has it. */
export interface Head {
  /** Number of the revision; 0 before the first. */
  readonly revision: number
  /** A change set that is in force and still has to be written out, item by item. */
  readonly staged: Staged | undefined
}

/** A change set in parts of their own. */
export interface Staged {
  readonly id: string
  readonly parts: number
}

/** What is taken for the head of a store that has none: nothing was written in this format yet. */
export const NO_HEAD: Head = { revision: 0, staged: undefined }

/** The value of the store for a head. */
export function headText({ revision, staged }: Head): string {
  return JSON.stringify(staged === undefined ? { revision } : { revision, staged })
}

/** Reads the value of the store for a head. @throws SyntaxError when it is not JSON */
export function readHead(text: string): Head {
  const { revision, staged } = JSON.parse(text) as { revision?: unknown; staged?: Staged }
  return { revision: typeof revision === 'number' ? revision : 0, staged }
}
