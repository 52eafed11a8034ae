import { MemifSocket } from '@vpp-ts/memif'
import type { Memif as Link } from '@vpp-ts/memif'
import { respondToFrame, respondToPacket } from '@vpp-ts/memif/net'
import type { ResponderHost } from '@vpp-ts/memif/net'
import type { Interface } from '../model/interfaces.ts'
import type { Memif, MemifBackend } from '../model/memifs.ts'
import type { Model } from '../model/model.ts'
import { familyOf } from '../model/prefix.ts'

const MASTER = 0
const MODES = ['ethernet', 'ip'] as const
/** A master takes as many rings as its peer makes. */
const MOST_RINGS = 255
const DEFAULT_RING = 1024
const DEFAULT_BUFFER = 2048
const BURST = 256
/** VPP tries again every three seconds, which no test should have to wait for. */
const RECONNECT_MS = 100
/** A MAC for interfaces that have none; nobody sees it. */
const NO_MAC = '00:00:00:00:00:00'

interface Peer {
  readonly memif: Memif
  readonly socket: string
  /** Undefined while a slave is down. */
  link: Link | undefined
}

/**
 * The memif interfaces of a model on real sockets: masters listen from their making, slaves connect when they are up, and
 * stay connected when they go down, as in VPP. The link goes up with the peer, packets are counted, and ARP, neighbour solicitations and pings for the addresses of
 * the interface are answered. Other packets are dropped, since nothing is forwarded.
 */
export class MemifLinks implements MemifBackend, Disposable {
  readonly #model: Model
  readonly #sockets = new Map<string, MemifSocket>()
  readonly #peers = new Map<number, Peer>()
  readonly #stop: () => void

  constructor(model: Model) {
    this.#model = model
    model.memifs.backend = this
    this.#stop = model.listen((event) => {
      if (event.kind === 'interface' && event.change === 'admin') this.#adminChanged(event.interface)
    })
  }

  open(memif: Memif, socket: string): void {
    const peer: Peer = { memif, socket, link: undefined }
    if (memif.role === MASTER) this.#start(peer)
    this.#peers.set(memif.swIfIndex, peer)
  }

  close({ swIfIndex }: Memif): void {
    const peer = this.#peers.get(swIfIndex)
    this.#peers.delete(swIfIndex)
    this.#model.hardware.setQueues(swIfIndex, 0)
    peer?.link?.close('interface deleted')
  }

  /** Ends all links. */
  [Symbol.dispose](): void {
    this.#stop()
    this.#model.memifs.backend = undefined
    this.#peers.clear()
    for (const socket of this.#sockets.values()) socket.close()
  }

  #adminChanged({ swIfIndex, adminUp }: Interface): void {
    const peer = this.#peers.get(swIfIndex)
    if (peer === undefined) return
    if (peer.memif.role !== MASTER && !this.#isConnected(peer)) {
      if (adminUp) this.#start(peer)
      else this.#giveUp(peer)
    }
    this.#model.interfaces.setLinkUp(swIfIndex, adminUp && this.#isConnected(peer))
  }

  #isConnected({ link }: Peer): boolean {
    return link?.connected === true
  }

  #giveUp(peer: Peer): void {
    peer.link?.close('interface is down')
    peer.link = undefined
  }

  #start(peer: Peer): void {
    const { memif, socket } = peer
    const { id, mode, secret, role, ringSize, bufferSize, rxQueues, txQueues } = memif
    const { name } = this.#model.interfaces.get(memif.swIfIndex)
    const rings = role === MASTER ? { rxQueues: MOST_RINGS, txQueues: MOST_RINGS } : { rxQueues, txQueues }
    peer.link = this.#socket(socket).createInterface(
      {
        role: role === MASTER ? 'server' : 'client',
        id,
        mode: MODES[mode] ?? 'ethernet',
        secret,
        interfaceName: name,
        ...rings,
        ringSize: ringSize || DEFAULT_RING,
        bufferSize: bufferSize || DEFAULT_BUFFER,
        reconnectMs: RECONNECT_MS,
      },
      {
        onConnect: () => this.#connected(peer),
        onDisconnect: () => this.#disconnected(peer),
        onInterrupt: (queue) => this.#receive(peer, queue),
      },
    )
  }

  #socket(name: string): MemifSocket {
    const known = this.#sockets.get(name)
    if (known !== undefined) return known
    const appName = `VPP ${this.#model.identity.version}`
    const made = new MemifSocket({ socket: name, appName })
    this.#sockets.set(name, made)
    return made
  }

  /** The link goes up whether the interface is or not. */
  #connected({ memif: { swIfIndex }, link }: Peer): void {
    if (!this.#peers.has(swIfIndex)) return
    this.#model.hardware.setQueues(swIfIndex, link?.getDetails().rxQueues.length ?? 0)
    this.#model.interfaces.setLinkUp(swIfIndex, true)
  }

  #disconnected(peer: Peer): void {
    const { role, swIfIndex } = peer.memif
    if (!this.#peers.has(swIfIndex)) return
    this.#model.hardware.setQueues(swIfIndex, 0)
    this.#model.interfaces.setLinkUp(swIfIndex, false)
    if (role !== MASTER && !this.#model.interfaces.get(swIfIndex).adminUp) this.#giveUp(peer)
  }

  #receive({ memif, link }: Peer, queue: number): void {
    if (link === undefined) return
    const { swIfIndex, mode } = memif
    const answerOn = queue % Math.max(1, link.getDetails().txQueues.length)
    for (let packets = link.rxBurst(queue, BURST); packets.length > 0; packets = link.rxBurst(queue, BURST)) {
      const received = packets.map((packet) => packet.copy())
      const answers = received.flatMap((packet) => this.#answer(swIfIndex, MODES[mode], packet) ?? [])
      const sent = link.txBurst(answerOn, answers)
      const replies = answers.filter((answer) => MODES[mode] === 'ethernet' && isArp(answer))
      this.#model.nodes.countError('arp-reply', 'replies_sent', BigInt(replies.length))
      this.#count(swIfIndex, 'rx', received)
      this.#count(swIfIndex, 'tx', answers.slice(0, sent))
      this.#model.counters.add(swIfIndex, 'drops', BigInt(received.length - answers.length), 0n, 0)
    }
  }

  #count(swIfIndex: number, counter: 'rx' | 'tx', packets: readonly Uint8Array[]): void {
    const bytes = packets.reduce((sum, { length }) => sum + length, 0)
    this.#model.counters.add(swIfIndex, counter, BigInt(packets.length), BigInt(bytes), 0)
  }

  #answer(swIfIndex: number, mode: string | undefined, packet: Uint8Array): Uint8Array | undefined {
    const it = this.#model.interfaces.get(swIfIndex)
    if (!it.adminUp) return undefined
    const respond = mode === 'ip' ? respondToPacket : respondToFrame
    for (const host of hostsOf(it)) {
      const answer = respond(host, packet)
      if (answer !== undefined) return answer
    }
    return undefined
  }
}

/** True for an Ethernet frame with ARP in it. */
function isArp(frame: Uint8Array): boolean {
  return frame[12] === 0x08 && frame[13] === 0x06
}

/** One host for each address of an interface. */
function hostsOf({ mac, addresses, ip6 }: Interface): ResponderHost[] {
  const own = ip6 === undefined ? addresses : [...addresses, ip6.linkLocal]
  return own.map((prefix) => {
    const [address = ''] = prefix.split('/')
    const ipv4 = familyOf(prefix) === 4
    return { mac: mac || NO_MAC, ipv4: ipv4 ? address : '', ipv6: ipv4 ? undefined : address }
  })
}
