import type { Problem, ProblemCode } from '../problem.ts'

/** More problems than this in one file are counted, not listed: they are nearly always echoes of the first ones. */
const MAX_PROBLEMS_PER_FILE = 20

/** A key that this generator does not know, and where it is. */
export interface UnknownKey {
  readonly file: string
  /** JSON Pointer of the object that has it. */
  readonly path: string
  readonly key: string
}

/** Collects what is wrong with one file. */
export class FileReport {
  readonly file: string
  readonly #problems: Problem[] = []
  readonly #unknownKeys: UnknownKey[] = []
  #hidden = 0

  constructor(file: string) {
    this.file = file
  }

  /** Notes a problem; `path` is a JSON Pointer. */
  add(code: ProblemCode, path: string, message: string, remedy: string): void {
    if (this.#problems.length < MAX_PROBLEMS_PER_FILE) {
      this.#problems.push({ code, file: this.file, path, message, remedy })
    } else {
      this.#hidden += 1
    }
  }

  /** Notes a key that this generator does not know: no problem, a newer VPP may write it. */
  addUnknownKey(path: string, key: string): void {
    this.#unknownKeys.push({ file: this.file, path, key })
  }

  /** Keys that were noted. */
  get unknownKeys(): readonly UnknownKey[] {
    return this.#unknownKeys
  }

  /** True when there are more problems than are listed. */
  get overflowed(): boolean {
    return this.#hidden > 0
  }

  /** True when something is wrong. */
  get failed(): boolean {
    return this.#problems.length > 0
  }

  /** Everything that was noted. */
  problems(): Problem[] {
    if (this.#hidden === 0) return this.#problems
    const message = `${this.#hidden} more errors in this file are not listed`
    return [...this.#problems, { code: 'shape', file: this.file, path: '', message, remedy: '' }]
  }
}
