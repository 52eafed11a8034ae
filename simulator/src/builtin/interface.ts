import { RetvalError } from '../errors.ts'
import { StaleAddresses, addAddress, removeAddress, removeAllAddresses } from '../model/addresses.ts'
import { addLoopback, addSub, addVlan } from '../model/interface-kinds.ts'
import type { Interface } from '../model/interfaces.ts'
import { familyOf } from '../model/prefix.ts'
import type { Family } from '../model/prefix.ts'
import type { BuiltIns } from './built-in.ts'
import { DONE, NONE, orRefuse } from './built-in.ts'

/** `IF_STATUS_API_FLAG_…` */
const ADMIN_UP = 1
const LINK_UP = 2
/** `IF_API_TYPE_SUB` */
const TYPE_SUB = 1

interface OfInterface {
  readonly swIfIndex: number
}

/** Flags of an interface as details have them. */
export function flagsOf({ adminUp, linkUp }: Pick<Interface, 'adminUp' | 'linkUp'>): number {
  return (adminUp ? ADMIN_UP : 0) | (linkUp ? LINK_UP : 0)
}

function detailsOf(it: Interface): object {
  return {
    swIfIndex: it.swIfIndex,
    supSwIfIndex: it.supSwIfIndex,
    ...(it.mac === '' ? {} : { l2Address: it.mac }),
    flags: flagsOf(it),
    type: it.sub === undefined ? 0 : TYPE_SUB,
    linkMtu: it.linkMtu,
    linkSpeed: it.linkSpeed,
    mtu: it.mtu,
    subId: it.sub?.id ?? 0,
    subNumberOfTags: it.sub?.tags ?? 0,
    subOuterVlanId: it.sub?.outerVlan ?? 0,
    subInnerVlanId: it.sub?.innerVlan ?? 0,
    subIfFlags: it.sub?.flags ?? 0,
    vtrOp: it.tagRewrite.op,
    vtrPushDot1q: it.tagRewrite.pushDot1q,
    vtrTag1: it.tagRewrite.tag1,
    vtrTag2: it.tagRewrite.tag2,
    interfaceName: it.name,
    interfaceDevType: it.devType,
    tag: it.tag,
  }
}

/** Interfaces: list, make, change, delete. */
export const interfaces: BuiltIns = {
  *sw_interface_dump(
    request: OfInterface & { nameFilterValid: boolean; nameFilter: string },
    { model: { interfaces } },
  ) {
    // VPP takes 0 for "all" as well, as clients that leave the field out send it.
    // A filter by name takes no notice of the index.
    if (!request.nameFilterValid && request.swIfIndex !== NONE && request.swIfIndex !== 0) {
      const it = interfaces.find(request.swIfIndex)
      if (it !== undefined) yield detailsOf(it)
      return
    }
    const filter = request.nameFilterValid ? request.nameFilter.toLowerCase() : ''
    for (const it of interfaces) if (it.name.toLowerCase().includes(filter)) yield detailsOf(it)
  },

  sw_interface_set_flags: (request: OfInterface & { flags: number }, { model: { interfaces } }) => {
    interfaces.setAdminUp(request.swIfIndex, (request.flags & ADMIN_UP) !== 0)
    return DONE
  },

  sw_interface_set_mtu: (request: OfInterface & { mtu: number[] }, { model: { interfaces } }) => {
    interfaces.setMtu(request.swIfIndex, request.mtu)
    return DONE
  },

  hw_interface_set_mtu: (request: OfInterface & { mtu: number }, { model: { interfaces } }) => {
    interfaces.setLinkMtu(request.swIfIndex, request.mtu)
    return DONE
  },

  sw_interface_set_mac_address: (
    request: OfInterface & { macAddress: string },
    { model: { interfaces } },
  ) => {
    interfaces.setMac(request.swIfIndex, request.macAddress)
    return DONE
  },

  sw_interface_get_mac_address: ({ swIfIndex }: OfInterface, { model: { interfaces } }) => {
    const { mac } = interfaces.get(interfaces.get(swIfIndex).supSwIfIndex)
    return mac === '' ? {} : { macAddress: mac }
  },

  sw_interface_tag_add_del: (
    request: OfInterface & { isAdd: boolean; tag: string },
    { model: { interfaces } },
  ) => {
    interfaces.get(request.swIfIndex)
    if (request.isAdd && request.tag === '') throw new RetvalError('INVALID_VALUE')
    interfaces.setTag(request.swIfIndex, request.isAdd ? request.tag : '')
    return DONE
  },

  sw_interface_set_interface_name: (request: OfInterface & { name: string }, { model: { interfaces } }) => {
    interfaces.rename(request.swIfIndex, request.name)
    return DONE
  },

  sw_interface_set_promisc: (request: OfInterface, { model: { interfaces } }) => {
    interfaces.get(request.swIfIndex)
    throw new RetvalError('UNSPECIFIED')
  },

  sw_interface_set_rx_mode: (
    request: OfInterface & { mode: number; queueIdValid: boolean; queueId: number },
    { model: { interfaces, hardware } },
  ) => {
    const { swIfIndex, sub } = interfaces.get(request.swIfIndex)
    if (sub !== undefined) throw new RetvalError('INVALID_VALUE')
    hardware.setRxMode(swIfIndex, request.mode, request.queueIdValid ? request.queueId : undefined)
    return DONE
  },

  sw_interface_set_rx_placement: (
    request: OfInterface & { queueId: number; workerId: number; isMain: boolean },
    { model: { interfaces, hardware } },
  ) => {
    const { swIfIndex, sub } = interfaces.get(request.swIfIndex)
    if (sub !== undefined) throw new RetvalError('INVALID_VALUE')
    hardware.place(swIfIndex, request.queueId, request.isMain ? undefined : request.workerId)
    return DONE
  },

  sw_interface_rx_placement_dump: (request: OfInterface, { model: { hardware } }) => {
    const all = hardware.placements()
    if (request.swIfIndex === NONE) return all
    return all
      .filter(({ swIfIndex }) => swIfIndex === request.swIfIndex)
      .sort((a, b) => a.queueId - b.queueId)
  },

  sw_interface_clear_stats: (request: OfInterface, { model: { interfaces, counters } }) => {
    if (request.swIfIndex !== NONE) interfaces.get(request.swIfIndex)
    counters.clear(request.swIfIndex === NONE ? undefined : request.swIfIndex)
    return DONE
  },

  sw_interface_add_del_address: (
    request: OfInterface & { isAdd: boolean; delAll: boolean; prefix: string },
    { model: { interfaces, staleAddresses } },
  ) => {
    const { swIfIndex, isAdd, delAll, prefix } = request
    if (isAdd && staleAddresses?.keep(swIfIndex, prefix) === true) return DONE
    if (delAll) removeAllAddresses(interfaces, swIfIndex)
    else if (isAdd) addAddress(interfaces, swIfIndex, prefix, staleAddresses)
    else removeAddress(interfaces, swIfIndex, prefix)
    return DONE
  },

  sw_interface_set_table: (
    request: OfInterface & { isIpv6: boolean; vrfId: number },
    { model: { interfaces, fib } },
  ) => {
    const family: Family = request.isIpv6 ? 6 : 4
    const it = interfaces.get(request.swIfIndex)
    fib.table(family, request.vrfId)
    // Addresses that it borrows count as its own.
    const { addresses } = (it.unnumbered === undefined ? undefined : interfaces.find(it.unnumbered)) ?? it
    if (addresses.some((address) => familyOf(address) === family)) {
      throw new RetvalError('ADDRESS_FOUND_FOR_INTERFACE')
    }
    interfaces.setTable(request.swIfIndex, family, request.vrfId)
    return DONE
  },

  sw_interface_get_table: (request: OfInterface & { isIpv6: boolean }, { model: { interfaces } }) =>
    orRefuse({ vrfId: NONE }, () => {
      return { vrfId: interfaces.get(request.swIfIndex).tableId[request.isIpv6 ? 6 : 4] }
    }),

  sw_interface_set_unnumbered: (
    request: OfInterface & { unnumberedSwIfIndex: number; isAdd: boolean },
    { model: { interfaces } },
  ) => {
    const { swIfIndex, unnumberedSwIfIndex, isAdd } = request
    interfaces.get(unnumberedSwIfIndex)
    if (isAdd) {
      const borrower = interfaces.get(unnumberedSwIfIndex)
      const lender = interfaces.find(swIfIndex)
      if (lender === undefined) throw new RetvalError('INVALID_SW_IF_INDEX_2')
      if (borrower.tableId[4] !== lender.tableId[4] || borrower.tableId[6] !== lender.tableId[6])
        throw new RetvalError('UNEXPECTED_INTF_STATE')
    }
    interfaces.setUnnumbered(unnumberedSwIfIndex, isAdd ? swIfIndex : undefined)
    return DONE
  },

  create_loopback: ({ macAddress }: { macAddress: string }, { model: { interfaces } }) =>
    orRefuse({ swIfIndex: NONE }, () => ({
      swIfIndex: addLoopback(interfaces, { mac: macAddress }).swIfIndex,
    })),

  create_loopback_instance: (
    request: { macAddress: string; isSpecified: boolean; userInstance: number },
    { model: { interfaces } },
  ) =>
    orRefuse({ swIfIndex: NONE }, () => {
      const instance = request.isSpecified ? request.userInstance : undefined
      return { swIfIndex: addLoopback(interfaces, { mac: request.macAddress, instance }).swIfIndex }
    }),

  delete_loopback: ({ swIfIndex }: OfInterface, { model: { interfaces } }) => {
    // A sub-interface stands for the loopback that it belongs to.
    const loopback = interfaces.get(interfaces.get(swIfIndex).supSwIfIndex)
    if (loopback.loopback === undefined) throw new RetvalError('INVALID_SW_IF_INDEX')
    interfaces.delete(loopback.swIfIndex)
    return DONE
  },

  create_vlan_subif: (request: OfInterface & { vlanId: number }, { model: { interfaces } }) =>
    orRefuse({ swIfIndex: NONE }, () => ({
      swIfIndex: addVlan(interfaces, request.swIfIndex, request.vlanId).swIfIndex,
    })),

  create_subif: (
    request: OfInterface & { subId: number; subIfFlags: number; outerVlanId: number; innerVlanId: number },
    { model: { interfaces } },
  ) =>
    orRefuse({ swIfIndex: NONE }, () => {
      const { swIfIndex, subId: id, subIfFlags: flags, outerVlanId, innerVlanId } = request
      const init = { id, flags, outerVlan: outerVlanId, innerVlan: innerVlanId }
      return { swIfIndex: addSub(interfaces, swIfIndex, init).swIfIndex }
    }),

  delete_subif: ({ swIfIndex }: OfInterface, { model: { interfaces } }) => {
    if (interfaces.get(swIfIndex).sub === undefined) throw new RetvalError('INVALID_SUB_SW_IF_INDEX')
    interfaces.delete(swIfIndex)
    return DONE
  },

  sw_interface_address_replace_begin: (_request, { model }) => {
    model.staleAddresses = new StaleAddresses(model.interfaces)
    return DONE
  },

  sw_interface_address_replace_end: (_request, { model }) => {
    model.staleAddresses?.remove()
    model.staleAddresses = undefined
    return DONE
  },

  sw_interface_add_del_mac_address: ({ swIfIndex }: OfInterface, { model: { interfaces } }) => {
    interfaces.get(swIfIndex)
    return DONE
  },
}
