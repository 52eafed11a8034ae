import type { ApiDocument } from '../schema/document.ts'

/** Parts of a `.api.json` file; what is left out is empty. Messages are given without their id and CRC. */
export interface ApiParts extends Partial<Omit<ApiDocument, 'messages' | 'types'>> {
  readonly types?: readonly unknown[]
  readonly messages?: readonly (readonly unknown[])[]
}

/** A whole `.api.json` document: `_vl_msg_id` and a CRC are added to each message that has no trailer. */
export function apiJson(module: string, parts: ApiParts = {}): Record<string, unknown> {
  return {
    module,
    types: [],
    unions: [],
    enums: [],
    enumflags: [],
    services: {},
    options: { version: '1.0.0' },
    aliases: {},
    vl_api_version: '0x12345678',
    imports: [],
    counters: [],
    paths: [],
    ...parts,
    messages: (parts.messages ?? []).map(withIdAndCrc),
  }
}

function withIdAndCrc([name, ...rest]: readonly unknown[]): unknown[] {
  const last = rest.at(-1)
  const trailer = typeof last === 'object' && !Array.isArray(last) ? (last as object) : undefined
  const fields = trailer === undefined ? rest : rest.slice(0, -1)
  return [name, ['u16', '_vl_msg_id'], ...fields, { crc: '0x0a1b2c3d', options: {}, ...trailer }]
}

/** Header fields of a request. */
export const REQUEST = [
  ['u32', 'client_index'],
  ['u32', 'context'],
] as const

/** Header and retval of a plain reply. */
export const REPLY = [
  ['u32', 'context'],
  ['i32', 'retval'],
] as const
