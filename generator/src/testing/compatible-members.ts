import { loadSchema } from '../input/load.ts'
import { Catalog } from '../tools/catalog/catalog.ts'
import { CountedMembersOf } from '../tools/diff/counted-members.ts'
import { bundled, RELEASES } from './folder.ts'

/** First members marked `backwards_compatible`, as VPP's source has them up to this release. */
const READ_UP_TO = '26.06'
const FIRST_COMPATIBLE_MEMBER: Readonly<Record<string, string>> = {
  af_packet_flags: 'AF_PACKET_API_FLAG_VERSION_2',
  af_xdp_flag: 'AF_XDP_API_FLAGS_MAC_REUSE',
  ipsec_crypto_alg: 'IPSEC_API_CRYPTO_ALG_CHACHA20_POLY1305',
  ipsec_sad_flags: 'IPSEC_API_SAD_FLAG_ASYNC',
  sr_behavior: 'SR_BEHAVIOR_API_END_UN_PERF',
  tap_flags: 'TAP_API_FLAG_PACKED',
  tunnel_encap_decap_flags: 'TUNNEL_API_ENCAP_DECAP_FLAG_ENCAP_INNER_HASH',
  virtio_flags: 'VIRTIO_API_FLAG_BUFFERING',
}

/** By enum: the first member that does not count for CRCs. Of releases that came after the table the CRCs themselves say it. */
export async function firstCompatibleMembers(): Promise<Map<string, string>> {
  const found = new Map(Object.entries(FIRST_COMPATIBLE_MEMBER))
  for (const release of RELEASES.slice(RELEASES.indexOf(READ_UP_TO) + 1)) {
    const catalog = new Catalog(await loadSchema({ input: bundled(release) }))
    const counted = new CountedMembersOf(catalog)
    for (const owned of catalog.types) {
      const { type } = owned
      const member = type.kind === 'enum' ? type.members[counted.of(owned) ?? Infinity]?.[0] : undefined
      if (member !== undefined && !found.has(type.name)) found.set(type.name, member)
    }
  }
  return found
}
