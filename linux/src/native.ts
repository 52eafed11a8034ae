import { createRequire } from 'node:module'
import type * as koffiModule from 'koffi'
import { LinuxError } from './errors.ts'
import { checkPlatform, unavailable } from './platform.ts'

type Koffi = typeof koffiModule
type Callable = (...args: unknown[]) => unknown

/**
 * Prototypes of the libc functions this package calls; all of them are in glibc 2.27 and musl 1.1.20.
 * Pointers are numbers: addresses of user space stay below 2^48, and koffi passes numbers fastest.
 */
const PROTOTYPES = {
  socket: 'int socket(int domain, int type, int protocol)',
  socketpair: 'int socketpair(int domain, int type, int protocol, intptr_t pair)',
  connect: 'int connect(int fd, intptr_t address, uint32_t length)',
  bind: 'int bind(int fd, intptr_t address, uint32_t length)',
  listen: 'int listen(int fd, int backlog)',
  accept4: 'int accept4(int fd, intptr_t address, intptr_t length, int flags)',
  sendmsg: 'intptr_t sendmsg(int fd, intptr_t message, int flags)',
  recvmsg: 'intptr_t recvmsg(int fd, intptr_t message, int flags)',
  setsockopt: 'int setsockopt(int fd, int level, int name, intptr_t value, uint32_t length)',
  getsockopt: 'int getsockopt(int fd, int level, int name, intptr_t value, intptr_t length)',
  memfd_create: 'int memfd_create(const char *name, uint32_t flags)',
  fcntl: 'int fcntl(int fd, int command, ...)',
  mmap: 'intptr_t mmap(intptr_t address, size_t length, int prot, int flags, int fd, int64_t offset)',
  munmap: 'int munmap(intptr_t address, size_t length)',
  ioctl: 'int ioctl(int fd, unsigned long request, intptr_t argument)',
  setns: 'int setns(int fd, int type)',
  eventfd: 'int eventfd(uint32_t value, int flags)',
  read: 'intptr_t read(int fd, intptr_t buffer, size_t length)',
  write: 'intptr_t write(int fd, intptr_t buffer, size_t length)',
  close: 'int close(int fd)',
  syscall: 'long syscall(long number, intptr_t a, intptr_t b, intptr_t c, intptr_t d, intptr_t e)',
  poll: 'int poll(intptr_t fds, unsigned long count, int timeout)',
  epoll_create1: 'int epoll_create1(int flags)',
  epoll_ctl: 'int epoll_ctl(int epoll, int operation, int fd, intptr_t event)',
  epoll_wait: 'int epoll_wait(int epoll, intptr_t events, int count, int timeout)',
} as const

/** Second names of numbers that the manual calls otherwise. */
const SYNONYMS = new Set(['EWOULDBLOCK', 'EDEADLOCK', 'ENOTSUP'])

/** Names of the system calls that {@link Native.call} makes. */
export type Syscall = keyof typeof PROTOTYPES

/** Native memory and ways to look at it. */
export interface Scratch {
  readonly address: number
  readonly bytes: Uint8Array
  readonly view: DataView
}

/** Room for the largest message (64 KiB), its control data and the structures that point at them. */
export const SCRATCH_LENGTH = 72 * 1024

/** The foreign functions of this thread: loaded once, on first use. */
export class Native {
  readonly #koffi: Koffi
  readonly #functions: Record<Syscall, Callable>
  readonly #names: Map<number, string>
  /** Memory that never moves, for the arguments of one call: whoever fills it makes the call at once. */
  readonly scratch: Scratch

  constructor(koffi: Koffi) {
    this.#koffi = koffi
    this.#names = new Map()
    for (const [name, value] of Object.entries(koffi.os.errno)) {
      if (!SYNONYMS.has(name)) this.#names.set(value, name)
    }
    // The Node binary itself is linked to the libc, whatever that is called here.
    const libc = koffi.load(null)
    const functions = new Map<string, Callable>()
    for (const [name, prototype] of Object.entries(PROTOTYPES)) functions.set(name, libc.func(prototype))
    this.#functions = Object.fromEntries(functions) as Record<Syscall, Callable>
    const pointer: unknown = koffi.alloc('uint8_t', SCRATCH_LENGTH)
    const buffer = koffi.view(pointer, SCRATCH_LENGTH)
    this.scratch = {
      address: Number(koffi.address(pointer)),
      bytes: new Uint8Array(buffer),
      view: new DataView(buffer),
    }
  }

  /**
   * Makes a call, again after EINTR, and returns its result (never negative).
   * A failure is thrown with `argument` in its message.
   */
  call(name: Syscall, argument: string | number, ...args: unknown[]): number {
    const result = this.attempt(name, argument, [], ...args)
    return result as number
  }

  /** Like {@link call}, but the errors listed in `expected` are returned as undefined. */
  attempt(
    name: Syscall,
    argument: string | number,
    expected: readonly string[],
    ...args: unknown[]
  ): number | undefined {
    const run = this.#functions[name]
    for (;;) {
      const result = Number(run(...args))
      if (result >= 0) return result
      const number = this.#koffi.errno()
      const errno = this.#names.get(number) ?? `errno ${number}`
      // After EINTR, close has released the descriptor already.
      if (errno === 'EINTR' && name !== 'close') continue
      if (expected.includes(errno)) return undefined
      throw new LinuxError('LINUX_SYSCALL', `${name}(${argument}) failed: ${errno}`, {
        errno,
        syscall: name,
        argument: String(argument),
      })
    }
  }

  /** An ArrayBuffer over `length` bytes of memory at `address`, without a copy. */
  view(address: number, length: number): ArrayBuffer {
    return this.#koffi.view(BigInt(address), length)
  }
}

let loaded: Native | undefined

/** The functions of this thread; throws `LINUX_UNAVAILABLE` where they cannot be had. */
export function native(): Native {
  loaded ??= load()
  return loaded
}

function load(): Native {
  checkPlatform()
  let koffi: Koffi
  try {
    koffi = createRequire(import.meta.url)('koffi') as Koffi
  } catch (cause) {
    throw unavailable(
      `the package koffi has no build for ${process.platform}-${process.arch} here: ` +
        'install it with its optional dependencies (npm i koffi --include=optional)',
      cause,
    )
  }
  return new Native(koffi)
}
