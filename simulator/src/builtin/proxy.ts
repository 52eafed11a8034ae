import type { ProxyRange } from '../model/proxies.ts'
import type { BuiltIns } from './built-in.ts'
import { DONE } from './built-in.ts'

/** Answers to ARP and neighbour discovery in place of others. */
export const proxy: BuiltIns = {
  proxy_arp_add_del: (request: { isAdd: boolean; proxy: ProxyRange }, { model: { proxies } }) => {
    const { tableId, low, hi } = request.proxy
    if (request.isAdd) proxies.addRange({ tableId, low, hi })
    else proxies.removeRange({ tableId, low, hi })
    return DONE
  },

  proxy_arp_dump: (_request, { model: { proxies } }) => proxies.ranges.map((it) => ({ proxy: it })),

  proxy_arp_intfc_enable_disable: (
    { swIfIndex, enable }: { swIfIndex: number; enable: boolean },
    { model: { proxies } },
  ) => {
    proxies.setArp(swIfIndex, enable)
    return DONE
  },

  proxy_arp_intfc_dump: (_request, { model: { proxies } }) =>
    proxies.arpInterfaces.map((swIfIndex) => ({ swIfIndex })),

  ip6nd_proxy_enable_disable: (
    { swIfIndex, isEnable }: { swIfIndex: number; isEnable: boolean },
    { model: { proxies } },
  ) => {
    proxies.setNd(swIfIndex, isEnable)
    return DONE
  },

  ip6nd_proxy_add_del: (
    { isAdd, swIfIndex, ip }: { isAdd: boolean; swIfIndex: number; ip: string },
    { model: { proxies } },
  ) => {
    if (isAdd) proxies.addNd(swIfIndex, ip)
    else proxies.removeNd(swIfIndex, ip)
    return DONE
  },
}
