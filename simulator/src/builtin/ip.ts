import { RetvalError } from '../errors.ts'
import { disableIp6, enableIp6, setLinkLocal } from '../model/ip6-link.ts'
import { familyOf } from '../model/prefix.ts'
import type { Family } from '../model/prefix.ts'
import type { BuiltIns } from './built-in.ts'
import { DONE, NONE } from './built-in.ts'

interface OfTable {
  readonly table: { readonly tableId: number; readonly isIp6: boolean; readonly name: string }
}

interface FlowHash {
  readonly tableId: number
  readonly af: number
  readonly flowHashConfig: number
}

function family(isIp6: boolean): Family {
  return isIp6 ? 6 : 4
}

/** Tables, addresses and what else of IP is not a route. */
export const ip: BuiltIns = {
  ip_table_add_del: ({ isAdd, table }: OfTable & { isAdd: boolean }, { model }) => {
    const { tableId, isIp6, name } = table
    if (isAdd) model.fib.addTable(family(isIp6), tableId, { name: name === '' ? undefined : name })
    else model.fib.deleteTable(family(isIp6), tableId)
    return DONE
  },

  ip_table_add_del_v2: ({ isAdd, table }: OfTable & { isAdd: boolean }, run, call) =>
    ip['ip_table_add_del']?.({ isAdd, table } as never, run, call),

  ip_table_allocate: ({ table }: OfTable, { model: { fib } }) => {
    const { isIp6, name } = table
    let { tableId } = table
    while (tableId === NONE || fib.find(family(isIp6), tableId) !== undefined) {
      tableId = Math.floor(Math.random() * NONE)
    }
    fib.addTable(family(isIp6), tableId, { name: name === '' ? undefined : name })
    return { table: { ...table, tableId } }
  },

  ip_table_dump: (_request, { model: { fib } }) =>
    fib.tables().map(({ tableId, family, name }) => ({ table: { tableId, isIp6: family === 6, name } })),

  set_ip_flow_hash_v2: (request: FlowHash, { model }) => {
    model.fib.table(request.af === 0 ? 4 : 6, request.tableId).flowHash = request.flowHashConfig
    return DONE
  },

  set_ip_flow_hash_v3: (request: FlowHash, run, call) =>
    ip['set_ip_flow_hash_v2']?.(request as never, run, call),

  ip_table_flush: ({ table }: OfTable, { model }) => {
    const family = table.isIp6 ? 6 : 4
    const flushed = model.fib.table(family, table.tableId)
    for (const it of model.interfaces) {
      if (it.adminUp && it.tableId[family] === table.tableId) model.interfaces.setAdminUp(it.swIfIndex, false)
    }
    model.fib.flush(flushed)
    return DONE
  },

  ip_table_replace_begin: ({ table }: OfTable, { model: { fib } }) => {
    fib.table(family(table.isIp6), table.tableId).beginReplace()
    return DONE
  },

  ip_table_replace_end: ({ table }: OfTable, { model: { fib } }) => {
    fib.endReplace(fib.table(family(table.isIp6), table.tableId))
    return DONE
  },

  ip_address_dump: (request: { swIfIndex: number; isIpv6: boolean }, { model: { interfaces } }) => {
    const { swIfIndex, isIpv6 } = request
    const addresses = interfaces.find(swIfIndex)?.addresses ?? []
    return addresses
      .filter((prefix) => familyOf(prefix) === family(isIpv6))
      .map((prefix) => ({ swIfIndex, prefix }))
  },

  *ip_unnumbered_dump({ swIfIndex }: { swIfIndex: number }, { model: { interfaces } }) {
    for (const it of interfaces) {
      if (it.unnumbered === undefined || (swIfIndex !== NONE && it.swIfIndex !== swIfIndex)) continue
      yield { swIfIndex: it.swIfIndex, ipSwIfIndex: it.unnumbered }
    }
  },

  *ip_dump({ isIpv6 }: { isIpv6: boolean }, { model: { interfaces } }) {
    for (const it of interfaces) {
      if (it.unnumbered === undefined) yield { swIfIndex: it.swIfIndex, isIpv6 }
    }
  },

  fib_source_dump: (_request, { model: { fib } }) => [...fib.sources].map((src) => ({ src })),

  fib_source_add: ({ src }: { src: { name: string; priority: number } }, { model: { fib } }) => ({
    id: fib.sources.add(src.name, src.priority).id,
  }),

  sw_interface_ip6_enable_disable: (
    { swIfIndex, enable }: { swIfIndex: number; enable: boolean },
    { model: { interfaces } },
  ) => {
    if (!enable) disableIp6(interfaces, swIfIndex)
    else if (!enableIp6(interfaces, swIfIndex)) throw new RetvalError('VALUE_EXIST')
    return DONE
  },

  sw_interface_ip6_set_link_local_address: (
    { swIfIndex, ip: address }: { swIfIndex: number; ip: string },
    { model: { interfaces } },
  ) => {
    setLinkLocal(interfaces, swIfIndex, address)
    return DONE
  },

  sw_interface_ip6_get_link_local_address: (request: { swIfIndex: number }, { model: { interfaces } }) => {
    const { ip6 } = interfaces.get(request.swIfIndex)
    if (ip6 === undefined) throw new RetvalError('IP6_NOT_ENABLED')
    return { ip: ip6.linkLocal }
  },
}
