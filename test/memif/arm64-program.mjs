// Run by arm64.test.ts on an emulated processor: the addon, the rings and a stats segment that another processor wrote.
import { EventFd, Reactor } from '@vpp-ts/linux'
import { createMemif } from '@vpp-ts/memif'
import { StatsClient } from '@vpp-ts/stats'

const [statsSocket, memifSocket] = process.argv.slice(2)
const PACKETS = 2000
const WAKE_UPS = 100
const length = (number) => 64 + (number % 3000)

async function wakeUps() {
  const bell = EventFd.create()
  const reactor = new Reactor()
  let count = 0
  await new Promise((resolve) => {
    reactor.watch(bell.fd, { readable: true }, () => {
      bell.read()
      if (++count === WAKE_UPS) resolve()
      else bell.signal()
    })
    bell.signal()
  })
  reactor.close()
  return count
}

function packet(number) {
  const bytes = new Uint8Array(length(number))
  new DataView(bytes.buffer).setUint32(0, number)
  return bytes
}

/** Packets that came in order and whole. */
async function transfer(from, to) {
  const sent = from.send(Array.from({ length: PACKETS }, (_, number) => packet(number)))
  let right = 0
  let number = 0
  for await (const got of to) {
    const view = new DataView(got.buffer, got.byteOffset)
    if (got.length === length(number) && view.getUint32(0) === number) right++
    if (++number === PACKETS) break
  }
  await sent
  return right
}

async function memif(rxMode) {
  const socket = `${memifSocket}-${rxMode}`
  const server = createMemif({ socket, role: 'server', rxMode })
  const client = createMemif({ socket, role: 'client', rxMode, reconnectMs: 50 })
  await Promise.all([server.ready(), client.ready()])
  const right = [await transfer(client, server), await transfer(server, client)]
  client.close()
  server.close()
  return right
}

async function stats() {
  const client = await StatsClient.connect(statsSocket, { connectTimeout: 60_000 })
  const { name, rx } = (await client.interfaces())[1]
  const nodes = (await client.nodes()).length
  await client.close()
  return { name, packets: String(rx.packets), nodes }
}

const result = {
  arch: process.arch,
  wakeUps: await wakeUps(),
  stats: await stats(),
  interrupt: await memif('interrupt'),
  polling: await memif('polling'),
  adaptive: await memif('adaptive'),
}
console.log(JSON.stringify(result))
