import { timingSafeEqual } from 'node:crypto'
import { MemifError } from '../errors.ts'
import type {
  AddRegionMessage,
  AddRingMessage,
  ControlMessage,
  HelloMessage,
  InitMessage,
} from './messages.ts'
import {
  MAX_LOG2_RING_SIZE,
  MAX_REGIONS,
  MAX_RINGS,
  PROTOCOL_VERSION,
  TEXT_BYTES,
  modeOf,
  type MemifMode,
} from './protocol.ts'
import { writeText } from './text.ts'

/** What a server needs to know of one of its interfaces to accept a client. */
export interface ServerInterface {
  readonly role: 'server' | 'client'
  readonly mode: MemifMode
  /** Empty when clients need none. */
  readonly secret: string
  /** A connection carries this interface at present. */
  readonly busy: boolean
  /** Client-to-server rings accepted at most. */
  readonly rxQueues: number
  readonly interfaceName: string
}

/** What the state machine asks of its surroundings; each method may throw a `MemifError` to refuse. */
export interface ServerHost<Fd> {
  /** The interface of this id on this socket. */
  find(id: number): ServerInterface | undefined
  /** The client may have the interface: nobody else may until the connection ends. */
  claim(init: InitMessage): void
  /** Takes the descriptor of the region over. */
  addRegion(message: AddRegionMessage, fd: Fd): void
  /** Takes the descriptor of the ring over. A server-to-client ring may be one more than the server sends to. */
  addRing(message: AddRingMessage, fd: Fd): void
  /** Everything is announced: check it, so that CONNECTED may be sent. */
  connect(remoteInterfaceName: string): void
}

/** What HELLO says of the server. */
export interface HelloLimits {
  readonly name: string
  /** Client-to-server rings that the server accepts. */
  readonly rxQueues: number
}

/**
 * The HELLO of a server; the wire wants highest indexes. A client that asks for more client-to-server rings than are read
 * learns the limit here. Any number of server-to-client rings is announced, as all C servers do: rings that nothing is
 * sent to do no harm, and gomemif takes this index for a count, so that it would make no ring for an index of 0.
 */
export function helloMessage(limits: HelloLimits): HelloMessage {
  return {
    type: 'hello',
    name: limits.name,
    minVersion: PROTOCOL_VERSION,
    maxVersion: PROTOCOL_VERSION,
    maxRegionIndex: MAX_REGIONS - 1,
    maxServerToClientRingIndex: MAX_RINGS,
    maxClientToServerRingIndex: limits.rxQueues - 1,
    maxLog2RingSize: MAX_LOG2_RING_SIZE,
  }
}

/**
 * The server's half of the handshake: which message is allowed when, and its answer. No I/O; what comes in is
 * hostile. After a throw the connection must be ended with the error's `reason`.
 */
export class ServerHandshake<Fd> {
  readonly #host: ServerHost<Fd>
  #state: 'greeting' | 'configuring' | 'connected' = 'greeting'
  #interface: ServerInterface | undefined
  #regions = 0
  #rings = { clientToServer: 0, serverToClient: 0 }

  constructor(host: ServerHost<Fd>) {
    this.#host = host
  }

  /** `connected` from the moment the answer to CONNECT is due. */
  get state(): 'greeting' | 'configuring' | 'connected' {
    return this.#state
  }

  /**
   * Takes the next message and the descriptor that came with it; gives the answer to send.
   *
   * @throws MemifError with a `reason` for the peer
   */
  receive(message: ControlMessage, fd?: Fd): ControlMessage | undefined {
    if (message.type === 'disconnect') {
      throw new MemifError(
        'MEMIF_PEER_DISCONNECTED',
        `the client disconnected: ${message.reason || 'no reason given'}`,
        {
          reason: message.reason,
        },
      )
    }
    if (this.#state === 'greeting' && message.type === 'init') return this.#init(message)
    if (this.#state === 'configuring') {
      if (message.type === 'addRegion') return this.#addRegion(message, fd)
      if (message.type === 'addRing') return this.#addRing(message, fd)
      if (message.type === 'connect') return this.#connect(message.interfaceName)
    }
    throw new MemifError(
      'MEMIF_MESSAGE_UNEXPECTED',
      `unexpected ${message.type} message while ${this.#state}`,
      {
        reason: 'unexpected message',
      },
    )
  }

  #init(message: InitMessage): ControlMessage {
    if (message.version !== PROTOCOL_VERSION) {
      throw new MemifError(
        'MEMIF_VERSION_INCOMPATIBLE',
        `client speaks memif version 0x${message.version.toString(16)}; only 0x${PROTOCOL_VERSION.toString(16)} exists`,
        { reason: 'incompatible memif version' },
      )
    }
    const found = this.#host.find(message.id)
    if (found === undefined) throw refused(message, 'unknown interface id')
    if (found.role === 'client') throw refused(message, 'interface id belongs to a client')
    if (found.busy) throw refused(message, 'already connected')
    if (modeOf(message.mode) !== found.mode) throw refused(message, 'mode mismatch')
    if (found.secret !== '') {
      if (message.secret === '') throw refused(message, 'secret required')
      if (!sameSecret(message.secret, found.secret)) throw refused(message, 'incorrect secret')
    }
    this.#host.claim(message)
    this.#interface = found
    this.#state = 'configuring'
    return { type: 'ack' }
  }

  #addRegion(message: AddRegionMessage, fd: Fd | undefined): ControlMessage {
    if (fd === undefined) throw invalidRegion(message.index, 'came without a descriptor', 'missing region fd')
    if (message.index !== this.#regions || message.index >= MAX_REGIONS) {
      throw invalidRegion(
        message.index,
        `came where ${this.#regions} of at most ${MAX_REGIONS} was due`,
        'unexpected region index',
      )
    }
    this.#host.addRegion(message, fd)
    this.#regions++
    return { type: 'ack' }
  }

  #addRing(message: AddRingMessage, fd: Fd | undefined): ControlMessage {
    const direction = message.clientToServer ? 'clientToServer' : 'serverToClient'
    const limit = message.clientToServer ? this.#interface!.rxQueues : MAX_RINGS
    const name = `${message.clientToServer ? 'client-to-server' : 'server-to-client'} ring ${message.index}`
    if (fd === undefined) throw invalidRing(`${name} came without a descriptor`, 'missing ring interrupt fd')
    if (message.index >= limit) {
      throw invalidRing(
        `${name} is refused: at most ${limit} are accepted`,
        `${name} refused: at most ${limit} accepted`,
      )
    }
    if (message.index !== this.#rings[direction]) {
      throw invalidRing(`${name} came where ${this.#rings[direction]} was due`, 'unexpected ring index')
    }
    if (message.region >= this.#regions) {
      throw invalidRing(
        `${name} lies in region ${message.region} of ${this.#regions}`,
        'ring in unknown region',
      )
    }
    if (message.log2RingSize > MAX_LOG2_RING_SIZE) {
      throw invalidRing(
        `${name} has 2^${message.log2RingSize} slots; 2^${MAX_LOG2_RING_SIZE} is the limit`,
        'ring too large',
      )
    }
    if (message.privateHeaderSize !== 0) {
      throw invalidRing(
        `${name} has private headers of ${message.privateHeaderSize} bytes`,
        'private headers not supported',
      )
    }
    this.#host.addRing(message, fd)
    this.#rings[direction]++
    return { type: 'ack' }
  }

  #connect(remoteInterfaceName: string): ControlMessage {
    if (this.#rings.clientToServer + this.#rings.serverToClient === 0) {
      throw invalidRing('the client announced no ring', 'no rings')
    }
    this.#host.connect(remoteInterfaceName)
    this.#state = 'connected'
    return { type: 'connected', interfaceName: this.#interface!.interfaceName }
  }
}

function refused(init: InitMessage, reason: string): MemifError {
  return new MemifError('MEMIF_REFUSED', `refused "${init.name}" for interface id ${init.id}: ${reason}`, {
    reason,
  })
}

function invalidRegion(index: number, what: string, reason: string): MemifError {
  return new MemifError('MEMIF_REGION_INVALID', `region ${index} ${what}`, { reason })
}

function invalidRing(what: string, reason: string): MemifError {
  return new MemifError('MEMIF_RING_INVALID', what, { reason })
}

/** Compares as the wire does (cut to the field) and in constant time. */
function sameSecret(left: string, right: string): boolean {
  const fields = [left, right].map((text) => {
    const field = new Uint8Array(TEXT_BYTES.secret)
    writeText(field, 0, TEXT_BYTES.secret, text)
    return field
  })
  return timingSafeEqual(fields[0]!, fields[1]!)
}
