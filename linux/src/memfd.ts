import { argumentError } from './errors.ts'
import { Fd } from './fd.ts'
import { native } from './native.ts'

const MFD_CLOEXEC = 1
const MFD_ALLOW_SEALING = 2
const F_ADD_SEALS = 1033
const F_GET_SEALS = 1034
const NAME_LIMIT = 249

/** Seals of a memfd (fcntl(2)); a set of them is their sum. */
export const Seal = {
  /** No more seals can be added. */
  SEAL: 1,
  /** The size can never be reduced: reads of a mapping within the size cannot fault. */
  SHRINK: 2,
  /** The size can never be raised. */
  GROW: 4,
  /** The contents can never be changed. */
  WRITE: 8,
} as const

/**
 * Creates anonymous shared memory of `size` bytes, zero filled, open to sealing, closed on exec.
 * `name` (at most 249 bytes) is only shown in `/proc`.
 */
export function createMemfd(name: string, size: number): Fd {
  if (Buffer.byteLength(name) > NAME_LIMIT || name.includes('\0')) {
    throw argumentError('name', `the name of a memfd is at most ${NAME_LIMIT} bytes without NUL`)
  }
  const fd = Fd.adopt(native().call('memfd_create', name, name, MFD_CLOEXEC | MFD_ALLOW_SEALING))
  try {
    fd.truncate(size)
    return fd
  } catch (error) {
    fd.close()
    throw error
  }
}

/** Adds seals; they cannot be taken off again. EPERM when the memfd was made without sealing. */
export function addSeals(fd: Fd, seals: number): void {
  native().call('fcntl', fd.number, fd.number, F_ADD_SEALS, 'int', seals)
}

/** The seals of a memfd, or undefined when the descriptor is of a kind that has none. */
export function getSeals(fd: Fd): number | undefined {
  return native().attempt('fcntl', fd.number, ['EINVAL'], fd.number, F_GET_SEALS, 'int', 0)
}
