import { parseDocument } from './parse-document.ts'
import { GetApiJson, GetApiJsonReply } from '../bootstrap/memclnt.ts'
import type { CallOptions, RpcConnection } from '../api/method.ts'
import { MEMCLNT } from './built-in.ts'
import { VppSchemaError } from './errors.ts'
import { Schema } from './schema.ts'

/**
 * The API as reported by the connected VPP (3 MB): all messages of all modules that are loaded. VPP 26.06
 * leaves out sr_mpls, which only `readSchema` of its files has. It leaves
 * out those of memclnt; the few that clients use (`control_ping` …) are added here.
 * @throws VppSchemaError when what VPP sends is not a list of definitions; and what a call throws
 */
export async function fetchSchema(vpp: RpcConnection, options?: CallOptions): Promise<Schema> {
  const method = { kind: 'unary', request: GetApiJson, reply: GetApiJsonReply } as const
  const { json } = await vpp.call(method, {}, options)
  let documents: unknown
  try {
    documents = parseDocument(json)
  } catch (error) {
    throw new VppSchemaError({ module: 'get_api_json', path: '' }, 'is not JSON', { cause: error })
  }
  if (!Array.isArray(documents)) {
    throw new VppSchemaError({ module: 'get_api_json', path: '' }, 'is not a list of definitions')
  }
  const schema = Schema.fromApiJson(documents)
  // If VPP reports memclnt itself, that takes precedence.
  return schema.has('control_ping') ? schema : Schema.fromApiJson([...documents, MEMCLNT])
}

/** What every VPP answers, without asking it for its definitions: `control_ping` and the like. */
export function builtInSchema(): Schema {
  return Schema.fromApiJson([MEMCLNT])
}
