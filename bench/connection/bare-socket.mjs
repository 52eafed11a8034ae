import { once } from 'node:events'
import { connect } from 'node:net'

/** Frame header: 8 bytes unused, u32 length, 4 bytes unused. */
const FRAME_HEADER = 16

const SOCKCLNT_CREATE = 15
const HANDSHAKE_SIZE = 70

/**
 * What Node can do at best with the least code: frames are made beforehand, replies are counted by their announced
 * length and not looked into. Nothing here is fit for use.
 */
export class BareSocket {
  #socket
  #ids
  #handle
  #rest = Buffer.alloc(0)
  #onFrames = () => {}

  static async connect(path) {
    const bare = new BareSocket()
    bare.#socket = connect(path)
    await once(bare.#socket, 'connect')
    bare.#socket.on('data', (chunk) => bare.#receive(chunk))
    await bare.#handshake()
    return bare
  }

  /** Id of a message, by name and CRC. */
  id(nameAndCrc) {
    return this.#ids.get(nameAndCrc)
  }

  get handle() {
    return this.#handle
  }

  async #handshake() {
    const message = Buffer.alloc(HANDSHAKE_SIZE)
    message.writeUInt16BE(SOCKCLNT_CREATE, 0)
    message.write('bare', 6)
    const reply = await new Promise((resolve) => {
      this.#onFrames = (frames) => resolve(frames.last)
      this.#socket.write(frame(message))
    })
    this.#handle = reply.readUInt32BE(14)
    this.#ids = new Map()
    for (let at = 20; at + 66 <= reply.length; at += 66) {
      const end = reply.indexOf(0, at + 2)
      this.#ids.set(reply.toString('latin1', at + 2, end), reply.readUInt16BE(at))
    }
  }

  #receive(chunk) {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const frames = { count: 0, last: undefined }
    let at = 0
    while (at + FRAME_HEADER <= bytes.length) {
      const end = at + FRAME_HEADER + bytes.readUInt32BE(at + 8)
      if (end > bytes.length) break
      frames.last = bytes.subarray(at + FRAME_HEADER, end)
      frames.count++
      at = end
    }
    this.#rest = bytes.subarray(at)
    if (frames.count > 0) this.#onFrames(frames)
  }

  /** One request at a time. */
  sequential(request, count) {
    const bytes = frame(request)
    return new Promise((finish) => {
      let left = count
      this.#onFrames = () => {
        if (--left === 0) finish()
        else this.#socket.write(bytes)
      }
      this.#socket.write(bytes)
    })
  }

  /** Up to `window` requests on their way; `requests` are repeated until `count` have been answered. */
  pipelined(requests, count, window) {
    const frames = requests.map(frame)
    return new Promise((finish) => {
      let sent = 0
      let answered = 0
      const send = (most) => {
        const batch = []
        for (let i = 0; i < most && sent < count; i++) batch.push(frames[sent++ % frames.length])
        if (batch.length > 0) this.#socket.write(batch.length === 1 ? batch[0] : Buffer.concat(batch))
      }
      this.#onFrames = (received) => {
        answered += received.count
        if (answered === count) finish()
        else send(received.count)
      }
      send(window)
    })
  }

  /** A dump and the ping that ends it; gives the number of details. */
  dump(request, ping) {
    let details = -1
    const pingReply = ping.readUInt16BE(0) + 1
    return new Promise((finish) => {
      this.#onFrames = ({ count, last }) => {
        details += count
        if (last.readUInt16BE(0) === pingReply) finish(details)
      }
      this.#socket.write(Buffer.concat([frame(request), frame(ping)]))
    })
  }

  close() {
    this.#socket.destroy()
  }
}

/** A message with the socket's header in front. */
export function frame(message) {
  const bytes = Buffer.alloc(FRAME_HEADER + message.length)
  bytes.writeUInt32BE(message.length, 8)
  bytes.set(message, FRAME_HEADER)
  return bytes
}
