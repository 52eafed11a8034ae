/** A view of the memory of `bytes`: a number of several bytes that goes through it is one load or store. */
export function makeView({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length)
}

const last: { bytes: Buffer | undefined; view: DataView } = {
  bytes: undefined,
  view: new DataView(new ArrayBuffer(0)),
}

/**
 * A view of the memory of `bytes`. That of the bytes that were asked for last is kept, since many messages come in one
 * chunk, and making a view takes as long as reading a small message.
 */
export function viewOf(bytes: Buffer): DataView {
  if (bytes !== last.bytes) {
    last.bytes = bytes
    last.view = makeView(bytes)
  }
  return last.view
}
