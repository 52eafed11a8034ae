import { FibPathNhProto, FibPathType } from '@vpp-ts/binapi-fib-types'
import type { IpRouteV2Details } from '@vpp-ts/binapi-ip'
import type { RequestOf } from '@vpp-ts/runtime'
import { BITS, canonicalAddress, familyOf, type Family } from '../../model/ip.ts'
import { NONE, type Vpp } from '../descriptor.ts'
import type { RoutePath } from './schema.ts'

/** A path of a route in messages. */
export type WirePath = IpRouteV2Details['route']['paths'][number]

/** VPP's numbers of the families of next hops. */
export const PROTO = {
  4: FibPathNhProto.FIB_API_PATH_NH_PROTO_IP4,
  6: FibPathNhProto.FIB_API_PATH_NH_PROTO_IP6,
} as const
/** Type of a path that packets are forwarded by. */
export const { FIB_API_PATH_TYPE_NORMAL: NORMAL } = FibPathType

/**
 * Paths as they are compared: VPP keeps an order of its own, tells the address of a host route as the next hop of a
 * path that has an interface only, and always a table.
 */
export function normalPaths(
  paths: readonly RoutePath[],
  prefix: string,
  table: number,
): readonly RoutePath[] {
  const host = hostOf(prefix)
  const isPlain = (path: RoutePath): boolean => !isOnLink(path, host) && path.table !== table
  const plain = paths.every(isPlain) ? paths : paths.map((path) => plainPath(path, host, table))
  if (plain.length < 2) return plain
  return plain
    .map((path) => ({ path: inOrder(path), text: JSON.stringify(inOrder(path)) }))
    .sort((a, b) => (a.text < b.text ? -1 : 1))
    .map(({ path }) => path)
}

/** A path with its fields in one order. */
function inOrder({ nextHop, interface: name, table, labels, weight, preference }: RoutePath): RoutePath {
  return { nextHop, interface: name, table, labels, weight, preference }
}

/** A path without what VPP says the same by leaving it out. */
function plainPath(path: RoutePath, host: string | undefined, table: number): RoutePath {
  const { nextHop, table: other, ...rest } = path
  return {
    ...(nextHop === undefined || isOnLink(path, host) ? {} : { nextHop }),
    ...(other === undefined || other === table ? {} : { table: other }),
    ...rest,
  }
}

/** Address of a host route; undefined for other prefixes. */
function hostOf(prefix: string): string | undefined {
  if (!prefix.endsWith(`/${BITS[familyOf(prefix)]}`)) return undefined
  return prefix.slice(0, prefix.lastIndexOf('/'))
}

function isOnLink({ nextHop, interface: name }: RoutePath, host: string | undefined): boolean {
  return host !== undefined && name !== undefined && nextHop === host
}

/** A path that VPP reports. @param own table that is not named */
export function readPath(vpp: Vpp, path: WirePath, family: Family, own: number): RoutePath {
  const { weight, preference, swIfIndex, tableId: table, nh, nLabels, labelStack } = path
  const address = family === 4 ? String(nh.address.ip4) : String(nh.address.ip6)
  const nextHop = address === '0.0.0.0' || address === '::' ? undefined : canonicalAddress(address)
  const name = swIfIndex === NONE ? undefined : vpp.interfaceName(swIfIndex)
  return {
    ...(nextHop === undefined ? {} : { nextHop }),
    ...(name === undefined ? {} : { interface: name }),
    ...(name !== undefined || table === own ? {} : { table }),
    ...(nLabels === 0
      ? {}
      : { labels: labelStack.slice(0, nLabels).map(({ label, ttl, exp }) => ({ label, ttl, exp })) }),
    weight,
    preference,
  }
}

/** A path as sent to VPP. */
export function writePath(vpp: Vpp, path: RoutePath, family: Family, table: number): RequestOf<WirePath> {
  const { nextHop, interface: name, labels, weight, preference } = path
  return {
    swIfIndex: name === undefined ? NONE : vpp.indexOf('interface', name),
    tableId: name === undefined ? (path.table ?? table) : 0,
    weight,
    preference,
    type: NORMAL,
    proto: PROTO[family],
    ...(nextHop === undefined ? {} : { nh: { address: nextHop } }),
    ...(labels === undefined ? {} : { nLabels: labels.length, labelStack: labels }),
  }
}
