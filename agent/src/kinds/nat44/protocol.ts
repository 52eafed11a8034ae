import type { z } from 'zod'
import type { natProtocol } from './schema.ts'

/** A protocol of a mapping. */
export type NatProtocol = z.infer<typeof natProtocol>

const NUMBERS = { any: 0, icmp: 1, tcp: 6, udp: 17 } as const

/** IANA's number of a protocol. */
export function numberOfProtocol(protocol: NatProtocol): number {
  return NUMBERS[protocol]
}

/** The protocol of a number; undefined for one that no item can have. */
export function protocolOf(number: number): NatProtocol | undefined {
  const names = Object.keys(NUMBERS) as NatProtocol[]
  return names.find((name) => NUMBERS[name] === number)
}

/** The outside of a mapping, in words, which only one mapping can have. */
export function outsideClaim(mode: string, protocol: NatProtocol, address: string, port: number): string {
  return `outside of ${mode} ${protocol} ${address}:${port}`
}
