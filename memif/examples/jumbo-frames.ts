import { createMemif, type Memif } from '@vpp-ts/memif'
import { exampleCommand, interfaceOptions, untilStopped, whole, type ExampleOptions } from './example.ts'

interface JumboOptions extends ExampleOptions {
  readonly interval: number
  readonly step: number
  readonly maxSize: number
}

/** Sends ever larger packets, which are split over several buffers, and checks those that arrive. */
function main(options: JumboOptions): void {
  const memif = createMemif({ ...interfaceOptions(options, 'jumbo-frames'), signal: untilStopped() })
  let size = options.step
  let timer: NodeJS.Timeout | undefined
  memif.on('connect', () => {
    timer = setInterval(() => {
      send(memif, size)
      size = size + options.step > options.maxSize ? options.step : size + options.step
    }, options.interval)
  })
  memif.on('disconnect', (error) => {
    clearInterval(timer)
    console.log(`disconnected: ${error.message}`)
  })
  memif.on('interrupt', (queue) => {
    for (const { data } of memif.rxBurst(queue, 64)) {
      console.log(`queue ${queue} received ${data.length} bytes, ${isIntact(data) ? 'intact' : 'DAMAGED'}`)
    }
  })
}

function send(memif: Memif, size: number): void {
  const packet = Uint8Array.from({ length: size }, (_, at) => (size + at) & 0xff)
  const queues = memif.getDetails().txQueues.length
  const parts = Math.ceil(size / memif.config.bufferSize)
  for (let queue = 0; queue < queues; queue++) {
    if (memif.txBurst(queue, [packet]) === 1)
      console.log(`queue ${queue} sent ${size} bytes in about ${parts} buffers`)
  }
}

function isIntact(packet: Uint8Array): boolean {
  return packet.every((byte, at) => byte === ((packet.length + at) & 0xff))
}

exampleCommand(
  'jumbo-frames',
  'Sends packets that grow beyond one buffer and checks what arrives: start it twice, once with --slave.',
  (socket, slave) => [
    `(no VPP here: the other side is this program ${slave ? 'without' : 'with'} --slave, on ${socket})`,
  ],
)
  .option('--interval <ms>', 'milliseconds between packets', whole, 3000)
  .option('--step <bytes>', 'by how much each packet is larger', whole, 1024)
  .option('--max-size <bytes>', 'size at which it starts again', whole, 65535)
  .action(main)
  .parse()
