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
 * An abstract name may end in `,netns_name=NAME` (or the path of a file) or `,netns_pid=PID`: the network namespace that the
 * name belongs to.
 *
 * @throws MemifError `MEMIF_ADDRESS_INVALID` when it is empty, too long for a socket address, or names its network
 *   namespace in another way
 */
export function parseSocketName(text: string): SocketAddress {
  const abstract = text.startsWith('abstract:')
    ? text.slice(9)
    : text.startsWith('@')
      ? text.slice(1)
      : undefined
  const [name = '', namespace] = abstract?.split(/,(?=netns_)/, 2) ?? [text]
  const bytes = Buffer.byteLength(name)
  if (bytes === 0 || bytes > NAME_LIMIT || name.includes('\0')) {
    throw new MemifError(
      'MEMIF_ADDRESS_INVALID',
      `"${text}" cannot be a socket: ${bytes} bytes of name, 1 to ${NAME_LIMIT} without NUL are possible`,
    )
  }
  if (abstract === undefined) return { path: name }
  return namespace === undefined
    ? { abstract: name }
    : { abstract: name, network: namespaceFile(namespace, text) }
}

/** The file of a network namespace, as VPP finds it. */
function namespaceFile(namespace: string, text: string): string {
  const [, name, pid] = /^netns_(?:name=([^,]+)|pid=(\d+))$/.exec(namespace) ?? []
  if (name !== undefined) return name.startsWith('/') ? name : `/var/run/netns/${name}`
  if (pid !== undefined) return `/proc/${pid}/ns/net`
  throw new MemifError(
    'MEMIF_ADDRESS_INVALID',
    `"${text}": a network namespace is named by ,netns_name=NAME or ,netns_pid=PID at the end`,
  )
}
