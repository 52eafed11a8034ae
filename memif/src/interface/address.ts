import type { SocketAddress } from '@vpp-ts/linux'
import { MemifError } from '../errors.ts'

/** Where VPP listens unless told otherwise (its socket id 0); DPDK's default is `/run/memif.sock`. */
export const DEFAULT_SOCKET = '/run/vpp/memif.sock'

/** Bytes of a `sockaddr_un` path that are left for a name. */
const NAME_LIMIT = 107

/**
 * Reads a socket's name as VPP (`abstract:name`), libmemif (`@name`) and everybody (a path) write it. DPDK with its
 * default `socket-abstract=yes` takes the whole path as an abstract name: write `@/run/memif.sock`.
 *
 * @throws MemifError `MEMIF_ADDRESS_INVALID` when it is empty, too long for a socket address, or asks for another
 *   network namespace, which only the process itself can choose
 */
export function parseSocketName(text: string): SocketAddress {
  const abstract = text.startsWith('abstract:')
    ? text.slice(9)
    : text.startsWith('@')
      ? text.slice(1)
      : undefined
  if (abstract?.includes(',netns_') === true) {
    throw new MemifError(
      'MEMIF_ADDRESS_INVALID',
      `"${text}": a network namespace cannot be named here; start the process in it (ip netns exec)`,
    )
  }
  const name = abstract ?? text
  const bytes = Buffer.byteLength(name)
  if (bytes === 0 || bytes > NAME_LIMIT || name.includes('\0')) {
    throw new MemifError(
      'MEMIF_ADDRESS_INVALID',
      `"${text}" cannot be a socket: ${bytes} bytes of name, 1 to ${NAME_LIMIT} without NUL are possible`,
    )
  }
  return abstract === undefined ? { path: name } : { abstract: name }
}
