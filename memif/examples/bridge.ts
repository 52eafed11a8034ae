import { MemifSocket, type Memif } from '@vpp-ts/memif'
import { exampleCommand, interfaceOptions, untilStopped, type ExampleOptions } from './example.ts'

const BURST = 256

/** Two interfaces, ids `id` and `id + 1`, on one socket: what comes in on one goes out on the other. */
function main(options: ExampleOptions): void {
  const { socket, appName = 'bridge', ...settings } = interfaceOptions(options, 'bridge')
  const hub = new MemifSocket({ appName, ...(socket === undefined ? {} : { socket }) })
  const [left, right] = [options.id, options.id + 1].map((id) =>
    hub.createInterface({ ...settings, id }),
  ) as [Memif, Memif]
  for (const [from, to] of [
    [left, right],
    [right, left],
  ] as const) {
    from.on('connect', ({ remote }) => console.log(`${from.config.id} connected to ${remote?.appName}`))
    from.on('disconnect', (error) => console.log(`${from.config.id} disconnected: ${error.message}`))
    from.on('interrupt', (queue) => forward(from, to, queue))
  }
  untilStopped().addEventListener('abort', () => {
    hub.close()
    for (const memif of [left, right]) {
      const { rx, tx } = memif.getCounters()
      console.log(`${memif.config.id} received ${rx.packets} packets, sent ${tx.packets}`)
    }
  })
}

/** One copy, from ring to ring; what the other side has no room for is dropped, as a bridge does. */
function forward(from: Memif, to: Memif, queue: number): void {
  const packets = from.rxPeek(queue, BURST)
  if (to.connected) to.txBurst(0, packets)
  from.rxRelease(queue)
}

exampleCommand('bridge', 'Copies packets between two interfaces on one socket.', (socket, slave) => [
  `create memif socket id 1 filename ${socket}`,
  `create interface memif id 1 socket-id 1 ${slave ? 'master' : 'slave'} secret secret`,
  `create interface memif id 2 socket-id 1 ${slave ? 'master' : 'slave'} secret secret`,
  'ip table add 1',
  'set interface ip table memif1/2 1',
  'set interface ip address memif1/1 192.168.1.1/24',
  'set interface ip address memif1/2 192.168.1.2/24',
  'set interface state memif1/1 up',
  'set interface state memif1/2 up',
  'ping 192.168.1.2 source memif1/1',
])
  .action(main)
  .parse()
