/**
 * What the shape of definitions cannot tell, read in VPP's source and history. Each entry names the change in VPP that it
 * was read in; a test checks that messages, fields and releases are what the definitions have.
 */

/** Two versions of a message that mean the same, though a field has another name. */
export interface ReviewedVersion {
  readonly from: string
  readonly to: string
  /** New names of fields, by the old ones. */
  readonly fields: Readonly<Record<string, string>>
  /** Commit in VPP. */
  readonly change: string
}

/** A message that was replaced by something that is used in another way. */
export interface ReviewedReplacement {
  readonly messages: readonly string[]
  /** What to use instead, for a comment in the program. */
  readonly advice: string
  readonly change: string
}

/** A field that was added, of which zero means what the message did without it. */
export interface NeutralField {
  /** Wire name of the message or struct. */
  readonly owner: string
  readonly field: string
  readonly change: string
}

export const REVIEWED_VERSIONS: readonly ReviewedVersion[] = [
  {
    from: 'af_xdp_create_v2',
    to: 'af_xdp_create_v3',
    fields: { namespace: 'netns' },
    change: '0dd47bcf2b0',
  },
  { from: 'gre_tunnel_dump_v2', to: 'gre_tunnel_v2_dump', fields: {}, change: '5f7b05abbf4' },
]

export const REVIEWED_REPLACEMENTS: readonly ReviewedReplacement[] = [
  {
    messages: ['avf_create', 'avf_delete'],
    advice: 'attach the device with dev_attach and make its interface with dev_create_port_if (driver iavf)',
    change: '916402643a4',
  },
]

export const NEUTRAL_FIELDS: readonly NeutralField[] = [
  // The responder takes HMAC-SHA2-256 for 0, the only PRF that it took before.
  { owner: 'ikev2_ike_transforms', field: 'prf_alg', change: 'fd113cdecd4' },
]
