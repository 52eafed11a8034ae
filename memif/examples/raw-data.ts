import { createMemif, type Memif } from '@vpp-ts/memif'
import { exampleCommand, interfaceOptions, untilStopped, whole, type ExampleOptions } from './example.ts'

interface RawDataOptions extends ExampleOptions {
  readonly interval: number
  readonly count: number
}

/** Two of these talk to each other; packets carry text instead of an Ethernet header, which only they understand. */
function main(options: RawDataOptions): void {
  const memif = createMemif({ ...interfaceOptions(options, 'raw-data'), signal: untilStopped() })
  let timer: NodeJS.Timeout | undefined
  memif.on('connect', (details) => {
    console.log(`connected to ${details.remote?.appName}, ${details.txQueues.length} queues`)
    timer = setInterval(() => send(memif, details.txQueues.length, options.count), options.interval)
  })
  memif.on('disconnect', (error) => {
    clearInterval(timer)
    console.log(`disconnected: ${error.message}`)
  })
  memif.on('failure', (error) => console.log(`not connected: ${error.message}`))
  memif.on('interrupt', (queue) => {
    for (const packet of memif.rxBurst(queue, 64)) {
      console.log(`queue ${queue} received "${Buffer.from(packet.data).toString()}"`)
    }
  })
}

function send(memif: Memif, queues: number, count: number): void {
  for (let queue = 0; queue < queues; queue++) {
    const packets = Array.from({ length: count }, (_, n) =>
      Buffer.from(`packet ${n} of ${memif.config.role} ${queue}`),
    )
    console.log(`queue ${queue} sent ${memif.txBurst(queue, packets)} packets`)
  }
}

exampleCommand(
  'raw-data',
  'Sends raw payloads on every queue and prints what arrives: start it twice, once with --slave.',
  (socket, slave) => [
    `(no VPP here: the other side is this program ${slave ? 'without' : 'with'} --slave, on ${socket})`,
  ],
)
  .option('--interval <ms>', 'milliseconds between bursts', whole, 3000)
  .option('--count <number>', 'packets of a burst', whole, 3)
  .action(main)
  .parse()
