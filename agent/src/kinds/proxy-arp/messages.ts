import {
  ProxyArpAddDel,
  ProxyArpDetails,
  ProxyArpDump,
  ProxyArpIntfcDetails,
  ProxyArpIntfcDump,
  ProxyArpIntfcEnableDisable,
} from '@vpp-ts/binapi-arp'
import { derived, indexOf, item, uses } from '../uses.ts'

const proxy = { tableId: item('table'), low: item('low'), hi: item('high') }

/** Messages of ranges that ARP is answered for. */
export const PROXY_ARP_MESSAGES = [
  uses(ProxyArpAddDel, { isAdd: derived('true to make it, false to remove it'), proxy }),
  uses(ProxyArpDump, {}),
  uses(ProxyArpDetails, { proxy }),
]

/** Messages of interfaces that ARP is answered on. */
export const PROXY_ARP_INTERFACE_MESSAGES = [
  uses(ProxyArpIntfcEnableDisable, {
    swIfIndex: indexOf('interfaces[]'),
    enable: derived('true to make it, false to remove it'),
  }),
  uses(ProxyArpIntfcDump, {}),
  uses(ProxyArpIntfcDetails, { swIfIndex: indexOf('interfaces[]') }),
]
