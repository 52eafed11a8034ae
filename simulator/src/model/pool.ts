/** Slots that are used again, the one freed last first, as in VPP's pools. */
export class Pool<T> implements Iterable<T> {
  readonly #slots: (T | undefined)[] = []
  readonly #free: number[] = []

  /** Puts in what `make` makes of its index. */
  add(make: (index: number) => T): T {
    const index = this.#free.pop() ?? this.#slots.length
    const item = make(index)
    this.#slots[index] = item
    return item
  }

  get(index: number): T | undefined {
    return this.#slots[index]
  }

  /** Puts another item in a slot in use. */
  set(index: number, item: T): void {
    if (this.#slots[index] !== undefined) this.#slots[index] = item
  }

  delete(index: number): void {
    if (this.#slots[index] === undefined) return
    this.#slots[index] = undefined
    this.#free.push(index)
  }

  /** Index of the first item that fits. */
  indexOf(fits: (item: T) => boolean): number | undefined {
    const index = this.#slots.findIndex((item) => item !== undefined && fits(item))
    return index < 0 ? undefined : index
  }

  /** In the order of the indexes. */
  *[Symbol.iterator](): Iterator<T> {
    for (const item of this.#slots) if (item !== undefined) yield item
  }
}

/** Numbers of which the smallest free one is given out. */
export class LowestFree {
  readonly #taken = new Set<number>()
  /** All below are taken. */
  #lowest = 0

  has(number: number): boolean {
    return this.#taken.has(number)
  }

  /** Takes a number; the smallest free one when none is named. */
  take(number = this.#smallest()): number {
    this.#taken.add(number)
    return number
  }

  give(number: number): void {
    if (this.#taken.delete(number)) this.#lowest = Math.min(this.#lowest, number)
  }

  #smallest(): number {
    while (this.#taken.has(this.#lowest)) this.#lowest++
    return this.#lowest
  }
}

/** Numbers in a row, the one given back last first. */
export class FreeNumbers {
  readonly #free: number[] = []
  #next: number

  constructor(first = 0) {
    this.#next = first
  }

  take(): number {
    return this.#free.pop() ?? this.#next++
  }

  give(number: number): void {
    this.#free.push(number)
  }
}
