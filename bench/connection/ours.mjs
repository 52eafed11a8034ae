import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { IpClient } from '@vpp-ts/binapi-ip'
import { MemclntClient } from '@vpp-ts/binapi-memclnt'
import { VppConnection } from '@vpp-ts/runtime'
import { route } from './route.mjs'
import { timed } from './timed.mjs'

/** What a user of vpp-ts writes: generated clients on one connection. */
export class Ours {
  #connection
  #memclnt
  #interfaces
  #ip

  static async connect(path) {
    const ours = new Ours()
    ours.#connection = await VppConnection.connect(path, { clientName: 'bench' })
    ours.#memclnt = new MemclntClient(ours.#connection)
    ours.#interfaces = new InterfaceClient(ours.#connection)
    ours.#ip = new IpClient(ours.#connection)
    return ours
  }

  pingSequential(count) {
    return timed(count, async () => {
      for (let i = 0; i < count; i++) await this.#memclnt.controlPing()
    })
  }

  pingPipelined(count, window) {
    return timed(count, () => concurrently(count, window, () => this.#memclnt.controlPing()))
  }

  routes(count, window) {
    return timed(count, () =>
      concurrently(count, window, (index) => this.#ip.ipRouteAddDel(route(index, true))),
    )
  }

  removeRoutes(count, window) {
    return concurrently(count, window, (index) => this.#ip.ipRouteAddDel(route(index, false)))
  }

  /** Makes loopbacks until a dump has `count` interfaces; gives what has been made. */
  async addInterfaces(count, window) {
    const { operations } = await this.dumpInterfaces()
    const made = []
    await concurrently(Math.max(0, count - operations), window, async () => {
      const { swIfIndex } = await this.#interfaces.createLoopback()
      made.push(swIfIndex)
    })
    return made
  }

  removeInterfaces(made, window) {
    return concurrently(made.length, window, (index) =>
      this.#interfaces.deleteLoopback({ swIfIndex: made[index] }),
    )
  }

  dumpInterfaces() {
    return drain(this.#interfaces.swInterfaceDump())
  }

  dumpRoutes() {
    return drain(this.#ip.ipRouteDump())
  }

  async close() {
    await this.#connection.close()
  }
}

/** Keeps `window` calls on their way until `count` have been made. */
async function concurrently(count, window, call) {
  let next = 0
  const worker = async () => {
    while (next < count) await call(next++)
  }
  await Promise.all(Array.from({ length: Math.min(window, count) }, worker))
}

async function drain(details) {
  let operations = 0
  const times = await timed(0, async () => {
    for await (const _ of details) operations++
  })
  return { ...times, operations }
}
