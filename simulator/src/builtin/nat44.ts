import { formatAddress, parseAddress } from '../model/prefix.ts'
import type { StaticMapping } from '../model/nat44.ts'
import type { BuiltIn, BuiltIns } from './built-in.ts'
import { DONE } from './built-in.ts'

/** More addresses than this in one request are not expanded. */
const MOST_ADDRESSES = 65_536

const addDelMapping: BuiltIn = (request: StaticMapping & { isAdd: boolean }, { model: { nat44 } }) => {
  const { flags, localIpAddress, externalIpAddress, protocol, localPort, externalPort } = request
  const { externalSwIfIndex, vrfId, tag } = request
  const mapping: StaticMapping = {
    flags,
    localIpAddress,
    externalIpAddress,
    protocol,
    localPort,
    externalPort,
    externalSwIfIndex,
    vrfId,
    tag,
  }
  if (request.isAdd) nat44.addMapping(mapping)
  else nat44.removeMapping(mapping)
  return DONE
}

function* addressesBetween(first: string, last: string): Iterable<string> {
  const [from, to] = [first, last].map((it) => Buffer.from(parseAddress(it)).readUInt32BE())
  if (from === undefined || to === undefined) return
  const bytes = Buffer.alloc(4)
  for (let bits = from; bits <= to && bits - from < MOST_ADDRESSES; bits++) {
    bytes.writeUInt32BE(bits)
    yield formatAddress(bytes)
  }
}

/** Configuration of endpoint-dependent NAT44. */
export const nat44: BuiltIns = {
  nat44_ed_plugin_enable_disable: ({ enable }: { enable: boolean }, { model: { nat44 } }) => {
    nat44.setEnabled(enable)
    return DONE
  },

  nat44_add_del_static_mapping: addDelMapping,
  nat44_add_del_static_mapping_v2: addDelMapping,

  nat44_static_mapping_dump: (_request, { model: { nat44 } }) => nat44.mappings(),

  nat44_add_del_address_range: (
    request: { firstIpAddress: string; lastIpAddress: string; vrfId: number; isAdd: boolean; flags: number },
    { model: { nat44 } },
  ) => {
    const { firstIpAddress, lastIpAddress, vrfId, isAdd, flags } = request
    for (const address of addressesBetween(firstIpAddress, lastIpAddress)) {
      if (isAdd) nat44.addAddress(address, flags, vrfId)
      else nat44.removeAddress(address, flags)
    }
    return DONE
  },

  nat44_address_dump: (_request, { model: { nat44 } }) => nat44.addresses(),

  nat44_interface_add_del_feature: (
    request: { isAdd: boolean; flags: number; swIfIndex: number },
    { model: { nat44 } },
  ) => {
    nat44.setFeature(request.swIfIndex, request.flags, request.isAdd)
    return DONE
  },

  nat44_show_running_config: () => ({
    sessions: 64_512,
    translationBuckets: 32_768,
    ipfixLoggingEnabled: true,
    timeouts: { udp: 300, tcpEstablished: 7440, tcpTransitory: 240, icmp: 60 },
    flags: 1,
  }),

  nat44_interface_dump: (_request, { model: { nat44 } }) =>
    nat44.features().map(([swIfIndex, flags]) => ({ swIfIndex, flags })),
}
