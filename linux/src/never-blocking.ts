import type { Fd } from './fd.ts'
import { native, type Scratch } from './native.ts'

/*
 * Signals of an eventfd that a peer shares. Whether a write to it may block is decided by a flag of the open file, which
 * the peer can change at any time: a full counter without O_NONBLOCK would stop this thread. The kernel's own signal
 * never blocks; asynchronous I/O gives it when an operation completes. The operation here is to read no bytes from the
 * eventfd, which is refused at once, and so completes.
 */

interface Numbers {
  readonly setup: number
  readonly getEvents: number
  readonly submit: number
}

const GENERIC: Numbers = { setup: 0, getEvents: 4, submit: 2 }
const X64: Numbers = { setup: 206, getEvents: 208, submit: 209 }

const IOCB_CMD_PREAD = 0
const IOCB_FLAG_RESFD = 1
const IOCB_SIZE = 64
/** Completions that the kernel keeps before it wants them fetched. */
const QUEUE = 128
// The scratch area: pointer to the structure, the structure, completions.
const POINTER = 0
const CONTROL_BLOCK = 64
const EVENTS = 256

/** The kernel's context for signals, as a number; 0 where there is none. It is of the whole process: one is enough. */
export type SignalContext = number

let own: SignalContext | undefined

/** The context of this thread, made on first use. Hand it on to other threads, which then make none. */
export function signalContext(): SignalContext {
  own ??= setUp()
  return own
}

/** Takes a context over that another thread of this process has made. */
export function adoptSignalContext(context: SignalContext): void {
  own ??= context
}

/**
 * Adds 1 to an eventfd, unless it is full. Never blocks, whatever the flags of the file are; where the kernel has no
 * asynchronous I/O or forbids it, a peer that changes the flags at the right moment could block it.
 */
export function signalForeign(event: Fd, context: SignalContext = signalContext()): true {
  const { scratch } = native()
  if (context === 0) return signalPlainly(event)
  writeControlBlock(scratch, event.number)
  const submit = () =>
    native().attempt(
      'syscall',
      event.number,
      ['EAGAIN'],
      numbers().submit,
      context,
      1,
      scratch.address + POINTER,
      0,
      0,
    )
  if (submit() !== undefined) return true
  // Full of completions that nobody has fetched.
  native().call('syscall', '', numbers().getEvents, context, 0, QUEUE, scratch.address + EVENTS, 0)
  submit()
  return true
}

function signalPlainly(event: Fd): true {
  event.setNonBlocking()
  const { scratch } = native()
  scratch.view.setBigUint64(0, 1n, true)
  native().attempt('write', event.number, ['EAGAIN'], event.number, scratch.address, 8)
  return true
}

function writeControlBlock({ address, bytes, view }: Scratch, event: number): void {
  const at = CONTROL_BLOCK
  bytes.fill(0, at, at + IOCB_SIZE)
  view.setBigUint64(POINTER, BigInt(address + at), true)
  view.setUint16(at + 16, IOCB_CMD_PREAD, true)
  view.setUint32(at + 20, event, true)
  view.setBigUint64(at + 24, BigInt(address + EVENTS), true)
  view.setUint32(at + 56, IOCB_FLAG_RESFD, true)
  view.setUint32(at + 60, event, true)
}

function setUp(): SignalContext {
  const { scratch } = native()
  scratch.view.setBigUint64(0, 0n, true)
  const unavailable = ['ENOSYS', 'EPERM', 'EAGAIN', 'ENOMEM']
  native().attempt('syscall', 'io_setup', unavailable, numbers().setup, QUEUE, scratch.address, 0, 0, 0)
  return Number(scratch.view.getBigUint64(0, true))
}

function numbers(): Numbers {
  return process.arch === 'x64' ? X64 : GENERIC
}
