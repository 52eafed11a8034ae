import type { Scratch } from './native.ts'

/** Largest payload of one message in bytes. */
export const MESSAGE_LIMIT = 64 * 1024
/** Largest number of descriptors in one message (the kernel's SCM_MAX_FD). */
export const MESSAGE_FD_LIMIT = 253

const SOL_SOCKET = 1
const SCM_RIGHTS = 1
const SCM_CREDENTIALS = 2
const CMSG_HEADER = 16
const MSG_CTRUNC = 0x08
const MSG_TRUNC = 0x20

// The scratch area: struct msghdr, struct iovec, control data, payload.
const HEADER = 0
const IOVEC = 64
const CONTROL = 128
const CONTROL_LENGTH = 2048
const PAYLOAD = CONTROL + CONTROL_LENGTH

/** Control data and flags of a received message. */
export interface ReceivedControl {
  readonly fds: readonly number[]
  /** Process, user and group of the sender, when the socket asks for them. */
  readonly credentials: Credentials | undefined
  /** The payload was longer than the room given: the rest is lost. */
  readonly truncated: boolean
  /** Control data were cut: descriptors or credentials are missing. */
  readonly controlTruncated: boolean
}

/** Who is at the other end. */
export interface Credentials {
  readonly pid: number
  readonly uid: number
  readonly gid: number
}

/** Fills the scratch area with a `struct msghdr` for sendmsg; returns its address. */
export function writeMessage(scratch: Scratch, payload: Uint8Array, fds: readonly number[]): number {
  scratch.bytes.set(payload, PAYLOAD)
  return writeHeader(scratch, payload.length, fds.length === 0 ? 0 : writeRights(scratch.view, fds))
}

/** Fills the scratch area with a `struct msghdr` for recvmsg with room for `length` bytes; returns its address. */
export function prepareReceive(scratch: Scratch, length: number): number {
  return writeHeader(scratch, length, CONTROL_LENGTH)
}

/** A copy of the payload that recvmsg has put into the scratch area. */
export function readPayload(scratch: Scratch, length: number): Uint8Array {
  return scratch.bytes.slice(PAYLOAD, PAYLOAD + length)
}

/** Walks the control data that recvmsg has put into the scratch area. */
export function readControl(scratch: Scratch): ReceivedControl {
  const { view } = scratch
  const flags = view.getInt32(HEADER + 48, true)
  const fds: number[] = []
  let credentials: Credentials | undefined
  for (const { level, type, at, length } of controls(view)) {
    if (level !== SOL_SOCKET) continue
    if (type === SCM_RIGHTS) {
      for (let i = 0; i + 4 <= length; i += 4) fds.push(view.getInt32(at + i, true))
    } else if (type === SCM_CREDENTIALS && length >= 12) {
      credentials = readCredentials(view, at)
    }
  }
  return {
    fds,
    credentials,
    truncated: (flags & MSG_TRUNC) !== 0,
    controlTruncated: (flags & MSG_CTRUNC) !== 0,
  }
}

/** Where the data of a control message are that recvmsg has put into the scratch area, `length` bytes at least. */
export function findControl(
  { view }: Scratch,
  level: number,
  type: number,
  length: number,
): number | undefined {
  return controls(view).find((it) => it.level === level && it.type === type && it.length >= length)?.at
}

interface Control {
  readonly level: number
  readonly type: number
  /** Where the data are, and how many bytes. */
  readonly at: number
  readonly length: number
}

function controls(view: DataView): Control[] {
  const end = Math.min(Number(view.getBigUint64(HEADER + 40, true)), CONTROL_LENGTH)
  const found: Control[] = []
  for (let at = 0; at + CMSG_HEADER <= end;) {
    const size = Number(view.getBigUint64(CONTROL + at, true))
    if (size < CMSG_HEADER || at + size > end) break
    found.push({
      level: view.getInt32(CONTROL + at + 8, true),
      type: view.getInt32(CONTROL + at + 12, true),
      at: CONTROL + at + CMSG_HEADER,
      length: size - CMSG_HEADER,
    })
    at += align8(size)
  }
  return found
}

/** `struct ucred` at `offset`. */
export function readCredentials(view: DataView, offset: number): Credentials {
  return {
    pid: view.getInt32(offset, true),
    uid: view.getUint32(offset + 4, true),
    gid: view.getUint32(offset + 8, true),
  }
}

function writeHeader(scratch: Scratch, payload: number, control: number): number {
  const { view, address } = scratch
  view.setBigUint64(HEADER, 0n, true)
  view.setBigUint64(HEADER + 8, 0n, true)
  view.setBigUint64(HEADER + 16, BigInt(address + IOVEC), true)
  view.setBigUint64(HEADER + 24, 1n, true)
  view.setBigUint64(HEADER + 32, BigInt(control === 0 ? 0 : address + CONTROL), true)
  view.setBigUint64(HEADER + 40, BigInt(control), true)
  view.setBigUint64(HEADER + 48, 0n, true)
  view.setBigUint64(IOVEC, BigInt(address + PAYLOAD), true)
  view.setBigUint64(IOVEC + 8, BigInt(payload), true)
  return address + HEADER
}

function writeRights(view: DataView, fds: readonly number[]): number {
  const size = CMSG_HEADER + 4 * fds.length
  view.setBigUint64(CONTROL, BigInt(size), true)
  view.setInt32(CONTROL + 8, SOL_SOCKET, true)
  view.setInt32(CONTROL + 12, SCM_RIGHTS, true)
  fds.forEach((fd, index) => view.setInt32(CONTROL + CMSG_HEADER + 4 * index, fd, true))
  return align8(size)
}

function align8(size: number): number {
  return (size + 7) & ~7
}
