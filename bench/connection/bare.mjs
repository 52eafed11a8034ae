import { SwInterfaceDump } from '@vpp-ts/binapi-interface'
import { IpRouteAddDel, IpRouteDump } from '@vpp-ts/binapi-ip'
import { ControlPing, SockclntDelete } from '@vpp-ts/binapi-memclnt'
import { ByteWriter, codecOf } from '@vpp-ts/runtime/internal'
import { BareSocket } from './bare-socket.mjs'
import { route } from './route.mjs'
import { timed } from './timed.mjs'

/** Requests that are encoded beforehand, on a bare socket. */
export class Bare {
  #socket

  static async connect(path) {
    const bare = new Bare()
    bare.#socket = await BareSocket.connect(path)
    return bare
  }

  #encode({ descriptor }, value = {}) {
    const writer = new ByteWriter()
    const id = this.#socket.id(`${descriptor.name}_${descriptor.crc}`)
    codecOf(descriptor).encode(writer, value, id, this.#socket.handle, 1)
    return Buffer.from(writer.take())
  }

  pingSequential(count) {
    const ping = this.#encode(ControlPing)
    return timed(count, () => this.#socket.sequential(ping, count))
  }

  pingPipelined(count, window) {
    const ping = this.#encode(ControlPing)
    return timed(count, () => this.#socket.pipelined([ping], count, window))
  }

  routes(count, window) {
    const requests = Array.from({ length: count }, (_, index) =>
      this.#encode(IpRouteAddDel, route(index, true)),
    )
    return timed(count, () => this.#socket.pipelined(requests, count, window))
  }

  dumpInterfaces() {
    return this.#dump(SwInterfaceDump)
  }

  dumpRoutes() {
    return this.#dump(IpRouteDump)
  }

  async #dump(type) {
    let operations = 0
    const times = await timed(0, async () => {
      operations = await this.#socket.dump(this.#encode(type), this.#encode(ControlPing))
    })
    return { ...times, operations }
  }

  /** Disconnects cleanly first: a VPP that has seen sixteen plain closes is deaf, for its loop is full of them. */
  async close() {
    const leave = this.#encode(SockclntDelete, { index: this.#socket.handle })
    await this.#socket.sequential(leave, 1)
    this.#socket.close()
  }
}
