/** A little memory that one value after the other is put together in. */
export class Scratch {
  readonly bytes: Uint8Array
  readonly view: DataView

  constructor(size: number) {
    this.bytes = new Uint8Array(size)
    this.view = new DataView(this.bytes.buffer)
  }

  /** The memory, with zeros. */
  cleared(): this {
    this.bytes.fill(0)
    return this
  }
}
