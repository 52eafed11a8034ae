import { constants, openSync } from 'node:fs'
import { argumentError, fromNodeError } from './errors.ts'
import { Fd } from './fd.ts'
import { findControl, prepareReceive, readPayload } from './message.ts'
import { native, type Scratch } from './native.ts'

const TUNSETIFF = 0x400454ca
const IFF_TAP_NO_PI = 0x1002
const SIOCGIFINDEX = 0x8933
const AF_PACKET = 17
const SOCK_RAW = 3
const SOCK_NONBLOCK_CLOEXEC = 0o2004000
const ETH_P_ALL = 3
const SOL_PACKET = 263
const PACKET_ADD_MEMBERSHIP = 1
const PACKET_MR_PROMISC = 1
const PACKET_AUXDATA = 8
const PACKET_IGNORE_OUTGOING = 23
const TP_STATUS_VLAN_VALID = 0x10
const TP_STATUS_VLAN_TPID_VALID = 0x40
const TPID_8021Q = 0x8100
/** Length of the two MAC addresses, after which a VLAN tag stands. */
const MACS = 12
/** Largest frame that Linux hands out, segmentation offload included. */
const FRAME_LIMIT = 65_535
const NAME_LIMIT = 15
/** A device that is down, gone or full takes nothing and gives nothing; that is not a failure of the program. */
const NOT_NOW = ['EAGAIN', 'ENETDOWN', 'ENOBUFS', 'EIO', 'ENXIO', 'ENODEV']

/** A network device of Linux through which Ethernet frames are exchanged. Never blocks. */
export class FrameDevice implements Disposable {
  /** Readable when a frame waits. */
  readonly fd: Fd
  /** Name of the device. */
  readonly name: string
  readonly #isSocket: boolean

  private constructor(fd: Fd, name: string, isSocket: boolean) {
    this.fd = fd
    this.name = name
    this.#isSocket = isSocket
  }

  /**
   * Makes a TAP device, which goes with the descriptor, or opens a persistent one. Its other side is Linux: give it
   * addresses and set it up with `ip`. Takes CAP_NET_ADMIN and /dev/net/tun.
   */
  static tap(name: string): FrameDevice {
    checkName(name)
    const fd = open('/dev/net/tun')
    try {
      const { scratch } = native()
      writeRequest(scratch, name)
      scratch.view.setUint16(16, IFF_TAP_NO_PI, true)
      native().call('ioctl', `TUNSETIFF ${name}`, fd.number, TUNSETIFF, scratch.address)
      return new FrameDevice(fd, name, false)
    } catch (error) {
      fd.close()
      throw error
    }
  }

  /**
   * Receives all frames of a device there is, and sends through it, by a packet socket; Linux goes on to use the device
   * too. VLAN tags are put back in where the kernel has taken them out. Takes CAP_NET_RAW.
   */
  static packetSocket(name: string): FrameDevice {
    checkName(name)
    const type = SOCK_RAW | SOCK_NONBLOCK_CLOEXEC
    // Without a protocol nothing arrives before the socket is bound to its device.
    const fd = Fd.adopt(native().call('socket', 'AF_PACKET, SOCK_RAW', AF_PACKET, type, 0))
    try {
      const index = indexOf(fd, name)
      setOption(fd, PACKET_AUXDATA, [1])
      setOption(fd, PACKET_IGNORE_OUTGOING, [1])
      bind(fd, name, index)
      setOption(fd, PACKET_ADD_MEMBERSHIP, [index, PACKET_MR_PROMISC, 0, 0])
      return new FrameDevice(fd, name, true)
    } catch (error) {
      fd.close()
      throw error
    }
  }

  /** A copy of the next frame; undefined when none waits, or the device is down. */
  receive(): Uint8Array | undefined {
    const { scratch } = native()
    const { number } = this.fd
    if (!this.#isSocket) {
      const length = native().attempt('read', number, NOT_NOW, number, scratch.address, FRAME_LIMIT)
      return length === undefined ? undefined : scratch.bytes.slice(0, length)
    }
    const message = prepareReceive(scratch, FRAME_LIMIT)
    const length = native().attempt('recvmsg', number, NOT_NOW, number, message, 0)
    return length === undefined ? undefined : withTag(scratch, readPayload(scratch, length))
  }

  /** Sends a frame. False when the device does not take it: it is down, full, or the frame is too long for it. */
  send(frame: Uint8Array): boolean {
    const { scratch } = native()
    if (frame.length > FRAME_LIMIT) return false
    scratch.bytes.set(frame)
    const { number } = this.fd
    const expected = [...NOT_NOW, 'EMSGSIZE', 'EINVAL']
    return native().attempt('write', number, expected, number, scratch.address, frame.length) !== undefined
  }

  close(): void {
    this.fd.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

/** The frame with the VLAN tag that the kernel gives beside it (`struct tpacket_auxdata`), if any. */
function withTag(scratch: Scratch, frame: Uint8Array): Uint8Array {
  const at = findControl(scratch, SOL_PACKET, PACKET_AUXDATA, 20)
  if (at === undefined || frame.length < MACS) return frame
  const { view } = scratch
  const status = view.getUint32(at, true)
  if ((status & TP_STATUS_VLAN_VALID) === 0) return frame
  const tagged = new Uint8Array(frame.length + 4)
  tagged.set(frame.subarray(0, MACS))
  tagged.set(frame.subarray(MACS), MACS + 4)
  const tag = new DataView(tagged.buffer)
  const hasTpid = (status & TP_STATUS_VLAN_TPID_VALID) !== 0
  tag.setUint16(MACS, hasTpid ? view.getUint16(at + 18, true) : TPID_8021Q)
  tag.setUint16(MACS + 2, view.getUint16(at + 16, true))
  return tagged
}

function checkName(name: string): void {
  const length = Buffer.byteLength(name)
  if (length >= 1 && length <= NAME_LIMIT && !/[/\s\0%]/.test(name)) return
  throw argumentError(
    'name',
    `a network device has a name of 1 to ${NAME_LIMIT} bytes without '/', not '${name}'`,
  )
}

function open(path: string): Fd {
  try {
    return Fd.adopt(openSync(path, constants.O_RDWR | constants.O_NONBLOCK))
  } catch (error) {
    throw fromNodeError(error, path)
  }
}

/** `struct ifreq` with a name. */
function writeRequest(scratch: Scratch, name: string): void {
  scratch.bytes.fill(0, 0, 40)
  scratch.bytes.set(Buffer.from(name))
}

function indexOf(fd: Fd, name: string): number {
  const { scratch } = native()
  writeRequest(scratch, name)
  native().call('ioctl', `SIOCGIFINDEX ${name}`, fd.number, SIOCGIFINDEX, scratch.address)
  return scratch.view.getInt32(16, true)
}

/** `struct sockaddr_ll`: family, protocol in network byte order, index. */
function bind(fd: Fd, name: string, index: number): void {
  const { scratch } = native()
  scratch.bytes.fill(0, 0, 20)
  scratch.view.setUint16(0, AF_PACKET, true)
  scratch.view.setUint16(2, ETH_P_ALL)
  scratch.view.setInt32(4, index, true)
  native().call('bind', name, fd.number, scratch.address, 20)
}

function setOption(fd: Fd, option: number, words: readonly number[]): void {
  const { scratch } = native()
  words.forEach((word, at) => scratch.view.setInt32(at * 4, word, true))
  native().call('setsockopt', fd.number, fd.number, SOL_PACKET, option, scratch.address, words.length * 4)
}
