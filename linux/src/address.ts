import { argumentError } from './errors.ts'

const AF_UNIX = 1
const PATH_LIMIT = 107

/**
 * Where a Unix socket is: a path in the file system (a plain string means the same), or a name in the abstract
 * namespace, which exists only while someone listens. Abstract names belong to a network namespace: this thread's, or that
 * of the file `network`, such as `/var/run/netns/NAME`.
 */
export type SocketAddress =
  string | { readonly path: string } | { readonly abstract: string; readonly network?: string }

/** `struct sockaddr_un` of an address: family, then the path with its NUL, or NUL and the abstract name. */
export function encodeSocketAddress(address: SocketAddress): Uint8Array {
  const abstract = typeof address === 'object' && 'abstract' in address
  const text = abstract ? address.abstract : typeof address === 'string' ? address : address.path
  const name = Buffer.from(text)
  if (name.length === 0 || name.length > PATH_LIMIT || (!abstract && name.includes(0))) {
    throw argumentError(
      'address',
      `a socket address has 1 to ${PATH_LIMIT} bytes, and no NUL in a path: '${text}' has ${name.length}`,
    )
  }
  const bytes = new Uint8Array(2 + 1 + name.length)
  bytes[0] = AF_UNIX
  bytes.set(name, abstract ? 3 : 2)
  return bytes
}

/** The address as people write it: a path, or `@name` as in /proc/net/unix. */
export function formatSocketAddress(address: SocketAddress): string {
  if (typeof address === 'string') return address
  if (!('abstract' in address)) return address.path
  return `@${address.abstract}${address.network === undefined ? '' : ` in ${address.network}`}`
}
