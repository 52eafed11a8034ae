const last: { bytes: Buffer | undefined; view: DataView } = {
  bytes: undefined,
  view: new DataView(new ArrayBuffer(0)),
}

/**
 * A view of the memory of `bytes`: a number of several bytes that is read through it is one load. That of the bytes that
 * were asked for last is kept, since many messages come in one chunk, and making a view takes as long as reading a small
 * message.
 */
export function viewOf(bytes: Buffer): DataView {
  if (bytes !== last.bytes) {
    last.bytes = bytes
    last.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }
  return last.view
}
