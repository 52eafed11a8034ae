import type { VppTarget } from '@vpp-ts/runtime'

/** Where the suite finds a VPP. */
export interface ContractTarget {
  /** Path of the API socket. */
  readonly path: string
  /** How connections are made; over the socket when not said. */
  readonly transport?: VppTarget
  stop(): Promise<void>
}
