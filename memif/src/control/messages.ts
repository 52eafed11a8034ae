import { MemifError } from '../errors.ts'
import { MESSAGE_BYTES, MESSAGE_ID, RING_FLAG_CLIENT_TO_SERVER, TEXT_BYTES } from './protocol.ts'
import { readText, writeText } from './text.ts'

/** Answer of a server to everything but CONNECT. */
export interface AckMessage {
  readonly type: 'ack'
}

/** First message, from the server: what it accepts. The `max…` values are highest indexes, not counts. */
export interface HelloMessage {
  readonly type: 'hello'
  readonly name: string
  readonly minVersion: number
  readonly maxVersion: number
  readonly maxRegionIndex: number
  readonly maxServerToClientRingIndex: number
  readonly maxClientToServerRingIndex: number
  readonly maxLog2RingSize: number
}

/** First message of the client: which interface it wants. `mode` is the number on the wire. */
export interface InitMessage {
  readonly type: 'init'
  readonly version: number
  readonly id: number
  readonly mode: number
  readonly secret: string
  readonly name: string
}

/** A shared memory region; its memfd travels with the message. `size` in bytes. */
export interface AddRegionMessage {
  readonly type: 'addRegion'
  readonly index: number
  readonly size: bigint
}

/** A ring inside a region; its eventfd travels with the message. `offset` in bytes from the region's start. */
export interface AddRingMessage {
  readonly type: 'addRing'
  readonly clientToServer: boolean
  readonly index: number
  readonly region: number
  readonly offset: number
  readonly log2RingSize: number
  readonly privateHeaderSize: number
}

/** The client has announced everything; `interfaceName` is its name of the interface. */
export interface ConnectMessage {
  readonly type: 'connect'
  readonly interfaceName: string
}

/** The server has mapped everything; `interfaceName` is its name of the interface. */
export interface ConnectedMessage {
  readonly type: 'connected'
  readonly interfaceName: string
}

/** Either side ends the connection. The code is 0 in practice; `reason` is what matters. */
export interface DisconnectMessage {
  readonly type: 'disconnect'
  readonly code: number
  readonly reason: string
}

export type ControlMessage =
  | AckMessage
  | HelloMessage
  | InitMessage
  | AddRegionMessage
  | AddRingMessage
  | ConnectMessage
  | ConnectedMessage
  | DisconnectMessage

/** A zeroed message of 128 bytes in the peer's (little-endian) layout. */
export function encodeMessage(message: ControlMessage): Uint8Array {
  const bytes = new Uint8Array(MESSAGE_BYTES)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, MESSAGE_ID[message.type], true)
  encodeBody(message, bytes, view)
  return bytes
}

function encodeBody(message: ControlMessage, bytes: Uint8Array, view: DataView): void {
  switch (message.type) {
    case 'ack':
      return
    case 'hello':
      writeText(bytes, 2, TEXT_BYTES.name, message.name)
      view.setUint16(34, message.minVersion, true)
      view.setUint16(36, message.maxVersion, true)
      view.setUint16(38, message.maxRegionIndex, true)
      view.setUint16(40, message.maxServerToClientRingIndex, true)
      view.setUint16(42, message.maxClientToServerRingIndex, true)
      view.setUint8(44, message.maxLog2RingSize)
      return
    case 'init':
      view.setUint16(2, message.version, true)
      view.setUint32(4, message.id, true)
      view.setUint8(8, message.mode)
      writeText(bytes, 9, TEXT_BYTES.secret, message.secret)
      writeText(bytes, 33, TEXT_BYTES.name, message.name)
      return
    case 'addRegion':
      view.setUint16(2, message.index, true)
      view.setBigUint64(4, message.size, true)
      return
    case 'addRing':
      view.setUint16(2, message.clientToServer ? RING_FLAG_CLIENT_TO_SERVER : 0, true)
      view.setUint16(4, message.index, true)
      view.setUint16(6, message.region, true)
      view.setUint32(8, message.offset, true)
      view.setUint8(12, message.log2RingSize)
      view.setUint16(13, message.privateHeaderSize, true)
      return
    case 'connect':
    case 'connected':
      writeText(bytes, 2, TEXT_BYTES.name, message.interfaceName)
      return
    case 'disconnect':
      view.setUint32(2, message.code, true)
      writeText(bytes, 6, TEXT_BYTES.reason, message.reason)
  }
}

/**
 * Reads one message as received. Bytes behind the fields are undefined in this protocol (some peers send old
 * memory there) and are not looked at; text ends at the first NUL.
 *
 * @throws MemifError `MEMIF_MESSAGE_MALFORMED` for another length than 128 or an unknown type
 */
export function decodeMessage(bytes: Uint8Array): ControlMessage {
  if (bytes.length !== MESSAGE_BYTES) {
    throw new MemifError(
      'MEMIF_MESSAGE_MALFORMED',
      `control message of ${bytes.length} bytes; every memif message has ${MESSAGE_BYTES}`,
    )
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const id = view.getUint16(0, true)
  switch (id) {
    case MESSAGE_ID.ack:
      return { type: 'ack' }
    case MESSAGE_ID.hello:
      return decodeHello(bytes, view)
    case MESSAGE_ID.init:
      return decodeInit(bytes, view)
    case MESSAGE_ID.addRegion:
      return { type: 'addRegion', index: view.getUint16(2, true), size: view.getBigUint64(4, true) }
    case MESSAGE_ID.addRing:
      return decodeAddRing(view)
    case MESSAGE_ID.connect:
      return { type: 'connect', interfaceName: readText(bytes, 2, TEXT_BYTES.name) }
    case MESSAGE_ID.connected:
      return { type: 'connected', interfaceName: readText(bytes, 2, TEXT_BYTES.name) }
    case MESSAGE_ID.disconnect:
      return {
        type: 'disconnect',
        code: view.getUint32(2, true),
        reason: readText(bytes, 6, TEXT_BYTES.reason),
      }
    default:
      throw new MemifError('MEMIF_MESSAGE_MALFORMED', `control message of unknown type ${id}`)
  }
}

function decodeHello(bytes: Uint8Array, view: DataView): HelloMessage {
  return {
    type: 'hello',
    name: readText(bytes, 2, TEXT_BYTES.name),
    minVersion: view.getUint16(34, true),
    maxVersion: view.getUint16(36, true),
    maxRegionIndex: view.getUint16(38, true),
    maxServerToClientRingIndex: view.getUint16(40, true),
    maxClientToServerRingIndex: view.getUint16(42, true),
    maxLog2RingSize: view.getUint8(44),
  }
}

function decodeInit(bytes: Uint8Array, view: DataView): InitMessage {
  return {
    type: 'init',
    version: view.getUint16(2, true),
    id: view.getUint32(4, true),
    mode: view.getUint8(8),
    secret: readText(bytes, 9, TEXT_BYTES.secret),
    name: readText(bytes, 33, TEXT_BYTES.name),
  }
}

function decodeAddRing(view: DataView): AddRingMessage {
  return {
    type: 'addRing',
    clientToServer: (view.getUint16(2, true) & RING_FLAG_CLIENT_TO_SERVER) !== 0,
    index: view.getUint16(4, true),
    region: view.getUint16(6, true),
    offset: view.getUint32(8, true),
    log2RingSize: view.getUint8(12),
    privateHeaderSize: view.getUint16(13, true),
  }
}
