import { createWriteStream } from 'node:fs'
import { createMemif, type Memif } from '@vpp-ts/memif'
import { PcapStream, respondToFrame, respondToPacket, type ResponderHost } from '@vpp-ts/memif/net'
import { exampleCommand, interfaceOptions, untilStopped, type ExampleOptions } from './example.ts'

interface ResponderOptions extends ExampleOptions {
  readonly ip: string
  readonly ipv6: string
  readonly mac: string
  readonly pcap?: string
}

const BURST = 256

/** Answers ARP, neighbour solicitations and echo requests for one host. */
function main(options: ResponderOptions): void {
  const host: ResponderHost = { mac: options.mac, ipv4: options.ip, ipv6: options.ipv6 }
  const capture = options.pcap === undefined ? undefined : new PcapStream({ mode: options.mode })
  if (options.pcap !== undefined) capture?.pipe(createWriteStream(options.pcap))
  const memif = createMemif({ ...interfaceOptions(options, 'icmp-responder'), signal: untilStopped() })
  memif.on('connect', ({ remote }) => console.log(`connected to ${remote?.appName} ${remote?.interfaceName}`))
  memif.on('disconnect', (error) => console.log(`disconnected: ${error.message}`))
  memif.on('failure', (error) => console.log(`not connected: ${error.message}`))
  memif.on('interrupt', (queue) => answer(memif, queue, host, capture))
  memif.on('close', () => {
    capture?.end()
    const { rx, tx } = memif.getCounters()
    console.log(`received ${rx.packets} packets, sent ${tx.packets}`)
  })
}

/** Packets are looked at where they lie in shared memory, and given back when the answers are sent. */
function answer(memif: Memif, queue: number, host: ResponderHost, capture: PcapStream | undefined): void {
  const respond = memif.config.mode === 'ip' ? respondToPacket : respondToFrame
  const requests = memif.rxPeek(queue, BURST)
  const answers: Uint8Array[] = []
  for (const packet of requests) {
    const bytes = packet.next === undefined ? packet.data : packet.copy()
    const reply = respond(host, bytes)
    if (reply !== undefined) answers.push(reply)
    capture?.write(packet.copy())
    if (reply !== undefined) capture?.write(reply)
  }
  // Queue 0 is there whatever number of queues the peer has.
  memif.txBurst(0, answers)
  memif.rxRelease(queue)
}

exampleCommand(
  'icmp-responder',
  'Answers ping, as a host of its own on the other side of the interface.',
  (socket, slave) => [
    `create memif socket id 1 filename ${socket}`,
    `create interface memif id 1 socket-id 1 ${slave ? 'master' : 'slave no-zero-copy'} secret secret`,
    'set interface ip address memif1/1 192.168.1.2/24',
    'set interface ip address memif1/1 2001:db8::2/64',
    'set interface state memif1/1 up',
    'ping 192.168.1.1',
  ],
)
  .option('--ip <address>', 'IPv4 address to answer for', '192.168.1.1')
  .option('--ipv6 <address>', 'IPv6 address to answer for', '2001:db8::1')
  .option('--mac <address>', 'its MAC address', 'aa:aa:aa:aa:aa:aa')
  .option('--pcap <file>', 'write all packets to a capture file for Wireshark')
  .action(main)
  .parse()
