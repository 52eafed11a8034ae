import { FibSourceDetails, FibSourceDump } from '@vpp-ts/binapi-fib'
import { IpRouteV2Details, IpRouteV2Dump } from '@vpp-ts/binapi-ip'
import { Ip6ndProxyAddDel } from '@vpp-ts/binapi-ip6-nd'
import { derived, indexOf, item, unused, uses } from '../uses.ts'

const source = {
  priority: unused('the name says it'),
  id: derived("that of VPP's source of such routes"),
  name: derived('`IPv6-proxy-nd`'),
}

/**
 * Messages of addresses that neighbour discovery is answered for. What VPP answers to `ip6nd_proxy_dump` has the number
 * of another message, so their routes are looked at.
 */
export const PROXY_ND_MESSAGES = [
  uses(Ip6ndProxyAddDel, {
    swIfIndex: indexOf('interface'),
    isAdd: derived('true to make it, false to remove it'),
    ip: item('address'),
  }),
  uses(FibSourceDump, {}),
  uses(FibSourceDetails, { src: source }),
  uses(IpRouteV2Dump, {
    src: derived("VPP's source of such routes"),
    table: {
      tableId: derived('every table'),
      isIp6: derived('true'),
      name: unused('the number says it'),
    },
  }),
  uses(IpRouteV2Details, {
    route: {
      tableId: derived('every table'),
      statsIndex: unused('VPP chooses it'),
      prefix: item('address'),
      src: derived("VPP's source of such routes"),
      paths: derived('the interface is that of the first'),
    },
  }),
]
