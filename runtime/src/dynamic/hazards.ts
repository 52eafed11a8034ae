import { HEADER_SIZE } from '../codec/header.ts'
import { encodeMessage, type DescribedMessage } from '../codec/message.ts'
import { NONE } from '../codec/none.ts'
import { VppError } from '../errors/vpp-error.ts'

/** A request that ends VPP, or makes it deaf, whatever its state. Seen on 26.06 and 26.10-rc0. */
export class VppHazardError extends VppError {
  /** Wire name of the request. */
  readonly messageName: string

  constructor(messageName: string, harm: string) {
    super(
      'VPP_HAZARD',
      `${messageName}: ${harm}; nothing was sent. To send it anyway, set the option "force"`,
    )
    this.messageName = messageName
  }
}

type Fields = Readonly<Record<string, unknown>>

const CRASH = 'crashes VPP'
const CRASH_EMPTY = 'crashes VPP when all fields are zero'

/** `FIB_API_PATH_TYPE_BIER_IMP` */
const BIER = 4
/** `MEMIF_MODE_API_PUNT_INJECT` */
const PUNT_INJECT = 2

/** Requests that are harmful when all their fields are zero. */
const HARMFUL_EMPTY: ReadonlySet<string> = new Set([
  'adl_allowlist_enable_disable',
  'cnat_translation_update',
  'dhcp6_pd_send_client_message',
  'dns_resolve_ip',
  'l2_patch_add_del',
  'lisp_add_del_adjacency',
  'nat44_ei_del_user',
  'nat64_add_del_static_bib',
  'p2p_ethernet_add',
  'pcap_set_filter_function',
  'pnat_flow_lookup',
  'trace_set_filter_function',
])

/** What others do, by what they say. */
const HARMFUL: Readonly<Record<string, (request: Fields) => string | undefined>> = {
  get_node_graph: () => CRASH,
  selog_event_type_string_dump: () => CRASH,
  graph_node_get: ({ cursor, index, name }) =>
    cursor === NONE && (index !== NONE || name !== '') ? undefined : `${CRASH} when it asks for all nodes`,
  ip_route_add_del: harmOfRoute,
  ip_route_add_del_v2: harmOfRoute,
  memif_create: harmOfMemif,
  memif_create_v2: harmOfMemif,
  mpls_tunnel_add_del: harmOfTunnel,
  det44_add_del_map: ({ isAdd, inPlen, outPlen }) =>
    isAdd === true && Number(inPlen) > Number(outPlen)
      ? `${CRASH} with more addresses outside than inside`
      : undefined,
}

/** VPP lacks the mode, and what it does then to clean up ends it. */
function harmOfMemif({ mode }: Fields): string | undefined {
  return mode === PUNT_INJECT ? `${CRASH} in the mode punt/inject` : undefined
}

function harmOfTunnel({ mtIsAdd, mtTunnel }: Fields): string | undefined {
  const { mtL2Only, mtPaths } = mtTunnel as {
    readonly mtL2Only: boolean
    readonly mtPaths: readonly unknown[]
  }
  return mtIsAdd === true && mtL2Only && mtPaths.length > 0
    ? `${CRASH} when a tunnel for L2 only has a next hop`
    : undefined
}

function harmOfRoute({ route }: Fields): string | undefined {
  const { paths } = route as { readonly paths: readonly { readonly type: number }[] }
  return paths.some(({ type }) => type === BIER) ? `${CRASH} with a path of type BIER_IMP` : undefined
}

/**
 * Refuses a request that is certain to end VPP.
 * @param request an instance of the class
 * @throws VppHazardError
 */
export function refuseHazard(type: DescribedMessage<unknown>, request: object): void {
  const { name } = type.descriptor
  const harm = HARMFUL[name]?.(request as Fields) ?? harmOfEmpty(type, request)
  if (harm !== undefined) throw new VppHazardError(name, harm)
}

function harmOfEmpty(type: DescribedMessage<unknown>, request: object): string | undefined {
  const { name, header } = type.descriptor
  if (!HARMFUL_EMPTY.has(name)) return undefined
  const body = encodeMessage(type, request as never).subarray(HEADER_SIZE[header])
  return body.every((byte) => byte === 0) ? CRASH_EMPTY : undefined
}
