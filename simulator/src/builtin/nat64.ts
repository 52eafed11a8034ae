import { addressesBetween } from '../model/nat64.ts'
import type { NatTimeouts } from '../model/nat64.ts'
import type { BuiltIns } from './built-in.ts'
import { DONE } from './built-in.ts'

/** `NAT_IS_…` */
const INSIDE = 0x20
const OUTSIDE = 0x10
const STATIC = 0x40

interface WireBinding {
  readonly iAddr: string
  readonly oAddr: string
  readonly iPort: number
  readonly oPort: number
  readonly vrfId: number
  readonly proto: number
}

/** Protocol that asks for all of them. */
const ALL = 255

/** Translation between IPv6 and IPv4. */
export const nat64: BuiltIns = {
  nat64_plugin_enable_disable: ({ enable }: { enable: boolean }, { model: { nat64: nat } }) => {
    if (enable) nat.enable()
    else nat.disable()
    return DONE
  },

  nat64_set_timeouts: (request: NatTimeouts, { model: { nat64: nat } }) => {
    nat.timeouts = request
    return DONE
  },

  nat64_get_timeouts: (_request, { model: { nat64: nat } }) => nat.timeouts,

  nat64_add_del_pool_addr_range: (
    request: { startAddr: string; endAddr: string; vrfId: number; isAdd: boolean },
    { model: { nat64: nat } },
  ) => {
    const addresses = addressesBetween(request.startAddr, request.endAddr)
    if (request.isAdd) nat.addAddresses(addresses, request.vrfId)
    else nat.removeAddresses(addresses)
    return DONE
  },

  nat64_add_del_interface_addr: (
    { isAdd, swIfIndex }: { isAdd: boolean; swIfIndex: number },
    { model: { nat64: nat } },
  ) => {
    if (isAdd) nat.addInterfaceAddress(swIfIndex)
    else nat.removeInterfaceAddress(swIfIndex)
    return DONE
  },

  nat64_pool_addr_dump: (_request, { model: { nat64: nat } }) => nat.pool,

  nat64_add_del_interface: (
    { isAdd, flags, swIfIndex }: { isAdd: boolean; flags: number; swIfIndex: number },
    { model: { nat64: nat } },
  ) => {
    const isInside = (flags & INSIDE) !== 0
    if (isAdd) nat.addSide(swIfIndex, isInside)
    else nat.removeSide(swIfIndex, isInside)
    return DONE
  },

  nat64_interface_dump: (_request, { model: { nat64: nat } }) =>
    [...nat.sides].map(({ swIfIndex, inside, outside }) => ({
      flags: (inside ? INSIDE : 0) | (outside ? OUTSIDE : 0),
      swIfIndex,
    })),

  nat64_add_del_prefix: (
    { prefix, vrfId, isAdd }: { prefix: string; vrfId: number; isAdd: boolean },
    { model: { nat64: nat } },
  ) => {
    if (isAdd) nat.addPrefix(prefix, vrfId)
    else nat.removePrefix(prefix, vrfId)
    return DONE
  },

  nat64_prefix_dump: (_request, { model: { nat64: nat } }) => nat.prefixes,

  nat64_add_del_static_bib: (
    { isAdd, ...wire }: WireBinding & { isAdd: boolean },
    { model: { nat64: nat } },
  ) => {
    const { iAddr: inside, oAddr: outside, iPort, oPort, vrfId, proto } = wire
    const binding = { inside, outside, insidePort: iPort, outsidePort: oPort, vrfId, proto }
    if (isAdd) nat.addBinding(binding)
    else nat.removeBinding(binding)
    return DONE
  },

  nat64_bib_dump: ({ proto }: { proto: number }, { model: { nat64: nat } }) =>
    nat.bindings
      .filter((it) => proto === ALL || it.proto === proto)
      .map((it) => ({
        iAddr: it.inside,
        oAddr: it.outside,
        iPort: it.insidePort,
        oPort: it.outsidePort,
        vrfId: it.vrfId,
        proto: it.proto,
        flags: it.isStatic ? STATIC : 0,
        sesNum: nat.sessionsOf(it),
      })),

  nat64_st_dump: ({ proto }: { proto: number }, { model: { nat64: nat } }) =>
    nat.sessions
      .filter(({ binding }) => proto === ALL || binding.proto === proto)
      .map(({ binding, remote, remote6, remotePort }) => ({
        ilAddr: binding.inside,
        olAddr: binding.outside,
        // VPP writes the port of the other end here, and none there.
        ilPort: remotePort,
        olPort: binding.outsidePort,
        irAddr: remote6,
        orAddr: remote,
        vrfId: binding.vrfId,
        proto: binding.proto,
      })),
}
