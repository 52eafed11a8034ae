/** A server that requests of clients are sent on to. */
export interface RelayServer {
  readonly address: string
  /** Table through which the server is reached. */
  readonly table: number
}

/** Servers in the order that they are compared in. */
export function inOrder<S extends RelayServer>(servers: readonly S[]): S[] {
  return servers.toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : 1))
}

/** True when no server is named twice. */
export function isEveryServerOnce(servers: readonly RelayServer[]): boolean {
  return new Set(servers.map(textOf)).size === servers.length
}

/** A server as text. */
export function textOf({ address, table }: RelayServer): string {
  return `${table} ${address}`
}
