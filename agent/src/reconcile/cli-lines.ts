import type { ObjectValue } from '../model/plan.ts'

/** A request as people read it. */
type Request = ObjectValue

/** VPP's name of an interface with an index, or what stands for that of one that is not there yet. */
export type InterfaceNamer = (index: unknown) => string

/** "No interface" */
const NONE = 0xffff_ffff
/** `IF_STATUS_API_FLAG_ADMIN_UP` */
const UP = 1

type Writer = (request: Request, nameOf: InterfaceNamer) => string | undefined

/** How messages are written in VPP's CLI, by their names. Others have no command that says the same. */
const WRITERS: Readonly<Record<string, Writer>> = {
  create_loopback_instance: (it) =>
    words(
      'create loopback interface',
      it['macAddress'] !== undefined && `mac ${text(it['macAddress'])}`,
      it['isSpecified'] === true && `instance ${text(it['userInstance'])}`,
    ),
  delete_loopback: (it, nameOf) => `delete loopback interface intfc ${nameOf(it['swIfIndex'])}`,
  delete_subif: (it, nameOf) => `delete sub-interface ${nameOf(it['swIfIndex'])}`,
  memif_delete: (it, nameOf) => `delete interface memif ${nameOf(it['swIfIndex'])}`,
  sw_interface_tag_add_del: (it, nameOf) =>
    it['isAdd'] === true
      ? `set interface tag ${nameOf(it['swIfIndex'])} ${text(it['tag'])}`
      : `clear interface tag ${nameOf(it['swIfIndex'])}`,
  sw_interface_set_flags: (it, nameOf) =>
    `set interface state ${nameOf(it['swIfIndex'])} ${(Number(it['flags']) & UP) === UP ? 'up' : 'down'}`,
  sw_interface_add_del_address: (it, nameOf) =>
    words(
      'set interface ip address',
      it['isAdd'] !== true && 'del',
      nameOf(it['swIfIndex']),
      it['delAll'] === true ? 'all' : text(it['prefix']),
    ),
  sw_interface_set_mac_address: (it, nameOf) =>
    `set interface mac address ${nameOf(it['swIfIndex'])} ${text(it['macAddress'])}`,
  sw_interface_set_table: (it, nameOf) =>
    `set interface ${it['isIpv6'] === true ? 'ip6' : 'ip'} table ${nameOf(it['swIfIndex'])} ${text(it['vrfId'])}`,
  ip_table_add_del: (it) => {
    const { isIp6, tableId } = (it['table'] ?? {}) as Request
    const verb = it['isAdd'] === true ? 'add' : 'del'
    return `${isIp6 === true ? 'ip6' : 'ip'} table ${verb} ${text(tableId)}`
  },
  ip_route_add_del_v2: routeOf,
  ip_neighbor_add_del: (it, nameOf) => {
    const { swIfIndex, ipAddress, macAddress, flags } = (it['neighbor'] ?? {}) as Request
    return words(
      'set ip neighbor',
      it['isAdd'] !== true && 'del',
      nameOf(swIfIndex),
      text(ipAddress),
      text(macAddress),
      (Number(flags) & 1) === 1 && 'static',
      (Number(flags) & 2) === 2 && 'no-fib-entry',
    )
  },
  sw_interface_set_l2_bridge: (it, nameOf) =>
    it['enable'] === true
      ? words(
          `set interface l2 bridge ${nameOf(it['rxSwIfIndex'])} ${text(it['bdId'])}`,
          it['portType'] === 1 && 'bvi',
          it['portType'] === 2 && 'uu-fwd',
          Number(it['shg'] ?? 0) > 0 && text(it['shg']),
        )
      : `set interface l3 ${nameOf(it['rxSwIfIndex'])}`,
}

/** The command of VPP's CLI that does what a request does; undefined when there is none, or none that is known here. */
export function cliOf(message: string, request: Request, nameOf: InterfaceNamer): string | undefined {
  return WRITERS[message]?.(request, nameOf)
}

function routeOf(it: Request, nameOf: InterfaceNamer): string | undefined {
  const { prefix, tableId, paths = [] } = (it['route'] ?? {}) as Request
  const via = (paths as readonly Request[]).map((path) => pathOf(path, nameOf))
  if (via.includes(undefined)) return undefined
  const table = Number(tableId ?? 0) === 0 ? false : `table ${text(tableId)}`
  return words(`ip route ${it['isAdd'] === true ? 'add' : 'del'}`, text(prefix), table, ...(via as string[]))
}

/** Kinds of paths that the CLI has by name, by their numbers. */
const PATH_TYPES: Readonly<Record<number, string>> = { 1: 'local', 2: 'drop' }

function pathOf(path: Request, nameOf: InterfaceNamer): string | undefined {
  const type = Number(path['type'] ?? 0)
  if (type !== 0) return PATH_TYPES[type] === undefined ? undefined : `via ${PATH_TYPES[type]}`
  const { address } = (path['nh'] ?? {}) as Request
  const { swIfIndex, weight = 1, preference = 0 } = path
  return words(
    'via',
    address !== undefined && text(address),
    swIfIndex !== undefined && swIfIndex !== NONE && nameOf(swIfIndex),
    Number(weight) > 1 && `weight ${text(weight)}`,
    Number(preference) > 0 && `preference ${text(preference)}`,
  )
}

function words(...parts: readonly (string | false)[]): string {
  return parts.filter((part) => part !== false && part !== '').join(' ')
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : String(value as number | bigint)
}
