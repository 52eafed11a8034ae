import { SimulatorError } from '../errors.ts'
import type { Model } from '../model/model.ts'
import type { PolicerDirection } from '../model/policers.ts'
import type { Path } from '../model/route.ts'
import type { LoggedRequest } from './request-log.ts'

/** Something that a client did and that a real VPP would not have survived, or not without harm to others. */
export interface Violation {
  /** Number of the client. */
  readonly connection: number
  /** What it did: the name of the request, or `frame`, `close`, `backlog`. */
  readonly what: string
  /** What a real VPP would do. */
  readonly reason: string
}

type Request = Readonly<Record<string, unknown>>
type Rule = (request: Request, model: Model) => boolean

const CRASHES = 'VPP crashes'
/** `FIB_API_PATH_TYPE_BIER_IMP` */
const BIER = 4
/** `FIB_API_PATH_TYPE_LOCAL` */
const LOCAL = 1
const NONE = 0xffff_ffff
/** `L2_API_PORT_TYPE_BVI` */
const BVI = 1
/** `MEMIF_MODE_API_PUNT_INJECT` */
const PUNT_INJECT = 2
/** Closes without `sockclnt_delete` that VPP 26.06 survives. */
const SILENT_CLOSES = 15

interface WirePath {
  readonly type?: unknown
  readonly swIfIndex?: unknown
}

function badPath({ route }: Request, { interfaces }: Model): boolean {
  const { paths = [] } = route as { paths?: readonly WirePath[] }
  return paths.some(({ type, swIfIndex }) => {
    const missing = swIfIndex !== NONE && interfaces.find(Number(swIfIndex)) === undefined
    return type === BIER || (type === LOCAL && missing)
  })
}

/** The address of a BVI goes into the table of MAC addresses: VPP reads it without looking whether there is one. */
function bareBvi({ enable, portType, rxSwIfIndex }: Request, { interfaces }: Model): boolean {
  const it = interfaces.find(Number(rxSwIfIndex))
  return (
    enable === true && portType === BVI && it !== undefined && interfaces.hardwareMac(it.swIfIndex) === ''
  )
}

function isEmpty(request: Request): boolean {
  return Object.values(request).every((value) => {
    if (typeof value === 'object' && value !== null) return isEmpty(value as Request)
    return (
      value === 0 || value === 0n || value === false || value === '' || /^[0:.]*(\/0)?$/.test(String(value))
    )
  })
}

function allNodes({ index, name }: Request): boolean {
  return index === 0xffff_ffff && (name === '' || name === undefined)
}

function always(): boolean {
  return true
}

function puntInject({ mode }: Request): boolean {
  return mode === PUNT_INJECT
}

function l2OnlyTunnel({ mtIsAdd, mtTunnel }: Request): boolean {
  const { mtL2Only, mtPaths } = mtTunnel as { mtL2Only?: unknown; mtPaths?: readonly unknown[] }
  return mtIsAdd === true && mtL2Only === true && mtPaths !== undefined && mtPaths.length > 0
}

function unknownLinkLocal({ isAdd, delAll, prefix, swIfIndex }: Request, { interfaces }: Model): boolean {
  const isDelete = isAdd === false && delAll !== true && /^fe[89ab].*\/128$/i.test(String(prefix))
  const it = interfaces.find(Number(swIfIndex))
  return isDelete && it !== undefined && it.ip6 === undefined
}

/** VPP answers its own question over and over again. */
function loopedProxy({ isAdd, swIfIndex }: Request, { interfaces, proxies }: Model): boolean {
  const it = interfaces.find(Number(swIfIndex))
  return isAdd === true && it?.loopback !== undefined && it.adminUp && proxies.answersNd(it.swIfIndex)
}

/** VPP takes the policer from a list that has no room for the interface yet. */
function withoutPolicer(direction: PolicerDirection): Rule {
  return ({ apply, swIfIndex, name, policerIndex }, { interfaces, policers }) => {
    const policer = name === undefined ? policers.find(Number(policerIndex)) : policers.byName(String(name))
    const known = policer !== undefined && interfaces.find(Number(swIfIndex)) !== undefined
    return apply === false && known && !policers.hasRoomFor(Number(swIfIndex), direction)
  }
}

/** VPP divides by the addresses that share one. */
function widerOutside({ isAdd, inPlen, outPlen }: Request): boolean {
  return isAdd === true && Number(inPlen) > Number(outPlen)
}

/** A path that is added twice, or the last one of a policy that is on an interface. */
function badPolicy({ isAdd, policy }: Request, { abf }: Model): boolean {
  const { policyId, paths = [] } = policy as { policyId?: unknown; paths?: readonly object[] }
  const known = abf.find(Number(policyId))?.paths ?? []
  if (isAdd === true) return paths.some((path) => known.some((it) => isPath(path, it)))
  const left = known.filter((it) => !paths.some((path) => isPath(path, it)))
  return left.length === 0 && abf.attachments().some((it) => it.policyId === policyId)
}

/** A policy that is not there, or the other family of one that is on the interface. */
function badAttachment({ isAdd, attach }: Request, { abf }: Model): boolean {
  const { policyId, swIfIndex, isIpv6 } = attach as Readonly<Record<string, unknown>>
  if (isAdd === true) return abf.find(Number(policyId)) === undefined
  const known = abf.attachments().find((it) => it.policyId === policyId && it.swIfIndex === swIfIndex)
  return known !== undefined && (known.family === 6) !== isIpv6
}

function isPath(wire: object, { swIfIndex, nextHop = '' }: Path): boolean {
  const { nh, swIfIndex: through } = wire as {
    swIfIndex?: unknown
    nh?: { address?: { ip4?: unknown; ip6?: unknown } }
  }
  const { ip4, ip6 } = nh?.address ?? {}
  return through === swIfIndex && [ip4, ip6].includes(nextHop)
}

const BAD_PATH = `${CRASHES} on a BIER path without a BIER table, and on a local path with an unknown interface`
const NO_POLICER = `${CRASHES} when a policer is taken from an interface before any had one on this side`
const EMPTY_BODY = 'VPP crashes on it with an empty body'

/** Requests that crash or wedge a real VPP, by name; seen on 26.06 and 26.10. */
export const DANGEROUS: Readonly<Record<string, readonly [dangerous: Rule, reason: string]>> = {
  graph_node_get: [allNodes, `${CRASHES} when it sends all nodes over a socket`],
  get_node_graph: [always, 'VPP answers with a pointer into its own memory'],
  selog_event_type_string_dump: [always, CRASHES],
  ip_route_add_del: [badPath, BAD_PATH],
  ip_route_add_del_v2: [badPath, BAD_PATH],
  memif_create: [puntInject, `${CRASHES} when it cleans up after a mode that it lacks`],
  memif_create_v2: [puntInject, `${CRASHES} when it cleans up after a mode that it lacks`],
  mpls_tunnel_add_del: [l2OnlyTunnel, `${CRASHES} when an MPLS tunnel for L2 has an IP next hop`],
  abf_policy_add_del: [
    badPolicy,
    'VPP goes on with freed memory when a path is added that the policy has already, or when a policy on an interface loses its last path',
  ],
  abf_itf_attach_add_del: [
    badAttachment,
    `${CRASHES} on a policy that is not there, and on the family that was not attached`,
  ],
  sw_interface_set_l2_bridge: [bareBvi, `${CRASHES} when an interface without a MAC address becomes a BVI`],
  ip6nd_proxy_add_del: [
    loopedProxy,
    `${CRASHES} when a loopback that is up answers neighbour discovery in place of others`,
  ],
  sw_interface_add_del_address: [
    unknownLinkLocal,
    `${CRASHES} when a link-local address is deleted while IPv6 is off`,
  ],
  det44_plugin_enable_disable: [
    ({ enable }, { det44 }) => enable === false && det44.hasGap,
    `${CRASHES} when DET44 is switched off after a side was removed`,
  ],
  det44_add_del_map: [widerOutside, `${CRASHES} on a map with more addresses outside than inside`],
  policer_input: [withoutPolicer('input'), NO_POLICER],
  policer_input_v2: [withoutPolicer('input'), NO_POLICER],
  policer_output: [withoutPolicer('output'), NO_POLICER],
  policer_output_v2: [withoutPolicer('output'), NO_POLICER],
  adl_allowlist_enable_disable: [isEmpty, EMPTY_BODY],
  cnat_translation_update: [isEmpty, EMPTY_BODY],
  dhcp6_pd_send_client_message: [isEmpty, EMPTY_BODY],
  dns_resolve_ip: [isEmpty, EMPTY_BODY],
  pcap_set_filter_function: [isEmpty, EMPTY_BODY],
  trace_set_filter_function: [isEmpty, EMPTY_BODY],
  l2_patch_add_del: [isEmpty, EMPTY_BODY],
  lisp_add_del_adjacency: [isEmpty, EMPTY_BODY],
  nat44_ei_del_user: [isEmpty, EMPTY_BODY],
  nat64_add_del_static_bib: [(_request, { nat64 }) => !nat64.enabled, `${CRASHES} while NAT64 is off`],
  p2p_ethernet_add: [isEmpty, EMPTY_BODY],
  pnat_flow_lookup: [isEmpty, EMPTY_BODY],
  nat44_ei_user_session_dump: [always, `${CRASHES} while NAT44-EI is off`],
  nat44_ei_user_session_v2_dump: [always, `${CRASHES} while NAT44-EI is off`],
}

/** Notes what clients do that a real VPP would not bear. */
export class Strict {
  readonly violations: Violation[] = []
  #silentCloses = 0

  /** A request has come, before it is carried out. */
  request(
    { message, request, connection }: Pick<LoggedRequest, 'message' | 'request' | 'connection'>,
    model: Model,
  ): void {
    const rule = Object.hasOwn(DANGEROUS, message) ? DANGEROUS[message] : undefined
    if (rule?.[0](request as Request, model) === true) this.#add(connection, message, rule[1])
  }

  /** A frame announced more than any message can have. */
  longFrame(connection: number, length: number): void {
    const reason =
      length >= 0xffff_fff0
        ? 'VPP adds its header to the length, which is too great by then, and crashes'
        : 'VPP keeps all that comes until its memory is gone'
    this.#add(connection, 'frame', `${reason}: a frame of ${length} bytes`)
  }

  /** A client left without `sockclnt_delete`. */
  silentClose(connection: number): void {
    if (++this.#silentCloses > SILENT_CLOSES)
      this.#add(
        connection,
        'close',
        'after sixteen closes without sockclnt_delete VPP 26.06 takes no more clients',
      )
  }

  /** A client read nothing for so long that its backlog was cut off. */
  backlog(connection: number): void {
    this.#add(connection, 'backlog', 'VPP keeps what a client does not read until its memory is gone')
  }

  /** @throws SimulatorError `SIMULATOR_VIOLATION` when there were any */
  check(): void {
    if (this.violations.length === 0) return
    const lines = this.violations.map(
      ({ connection, what, reason }) => `client ${connection}, ${what}: ${reason}`,
    )
    throw new SimulatorError(
      'SIMULATOR_VIOLATION',
      `a real VPP would not have borne this:\n${lines.join('\n')}`,
    )
  }

  #add(connection: number, what: string, reason: string): void {
    this.violations.push({ connection, what, reason })
  }
}
