import { RetvalError } from '../errors.ts'
import type { Interface, Interfaces } from './interfaces.ts'
import { formatAddress } from './prefix.ts'

/** Switches IPv6 on for one more user. @returns false when it was on already */
export function enableIp6(interfaces: Interfaces, swIfIndex: number, linkLocal?: string): boolean {
  const it = interfaces.get(swIfIndex)
  const known = it.ip6
  if (known !== undefined) {
    interfaces.setIp6(swIfIndex, { ...known, users: known.users + 1 })
    return false
  }
  const own = linkLocal ?? linkLocalOf(interfaces.get(it.supSwIfIndex))
  interfaces.setIp6(swIfIndex, { linkLocal: own, users: 1, since: {} })
  return true
}

/** One user fewer; the last one switches IPv6 off. @throws RetvalError -62 when it is off */
export function disableIp6(interfaces: Interfaces, swIfIndex: number): void {
  const { ip6 } = interfaces.get(swIfIndex)
  if (ip6 === undefined) throw new RetvalError('IP6_NOT_ENABLED')
  interfaces.setIp6(swIfIndex, ip6.users === 1 ? undefined : { ...ip6, users: ip6.users - 1 })
}

/** Sets the link-local address, and switches IPv6 on where it is off. */
export function setLinkLocal(interfaces: Interfaces, swIfIndex: number, linkLocal: string): void {
  const { ip6 } = interfaces.get(swIfIndex)
  if (ip6 === undefined) enableIp6(interfaces, swIfIndex, linkLocal)
  else interfaces.setIp6(swIfIndex, { ...ip6, linkLocal })
}

/** From the MAC address; of an interface without one VPP makes it up. */
function linkLocalOf({ mac }: Interface): string {
  const bytes = new Uint8Array(16)
  bytes.set([0xfe, 0x80])
  if (mac === '') {
    for (let i = 8; i < 16; i++) bytes[i] = Math.floor(Math.random() * 256)
    bytes[8] = (bytes[8] as number) & 0xfd
    return formatAddress(bytes)
  }
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mac.split(':').map((byte) => parseInt(byte, 16))
  bytes.set([a ^ 2, b, c, 0xff, 0xfe, d, e, f], 8)
  return formatAddress(bytes)
}
