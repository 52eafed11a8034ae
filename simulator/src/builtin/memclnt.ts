import { RETVAL } from '../errors.ts'
import type { BuiltIns } from './built-in.ts'

const NO_ID = 0xffff
/** VPP allots one byte too many for the text of `get_api_json`. */
const API_JSON_TAIL = 1

/** The built-in module: connecting, pinging, asking what there is. */
export const memclnt: BuiltIns = {
  sockclnt_create: ({ name }: { name: string }, { table, wire }, call) => {
    const { session, context, target } = call
    session.name = name
    if (target === undefined || call.effect !== undefined) {
      call.send('sockclnt_create_reply', { index: session.clientIndex, messageTable: [] })
      return undefined
    }
    const head = Buffer.alloc(18)
    head.writeUInt16BE(table.byName('sockclnt_create_reply').id, 0)
    head.writeUInt32BE(wire.createReplyClientIndex, 2)
    head.writeUInt32BE(context, 6)
    head.writeUInt32BE(session.clientIndex, 14)
    target.output.body(head, table.encode(wire.tableOrder))
    return undefined
  },

  sockclnt_delete: ({ index }: { index: number }, { clients }, call) => {
    const doomed = clients.get(index)
    // 1 is what VPP means by success.
    call.send('sockclnt_delete_reply', { response: doomed === undefined ? -1 : 1 })
    if (doomed !== undefined) doomed.goodbye = true
    doomed?.close()
    return undefined
  },

  control_ping: (_request, { pid }, { clientIndex }) => ({ clientIndex, vpePid: pid }),

  get_first_msg_id: ({ name }: { name: string }, { table, release }) => {
    const underscore = name.lastIndexOf('_')
    const module = name.slice(0, underscore)
    const crc = release.rangeCrcOf(module)
    const known = crc === undefined || crc === name.slice(underscore + 1)
    const firstMsgId = known && module !== 'memclnt' ? table.firstIdOf(module) : undefined
    return firstMsgId === undefined ? { retval: RETVAL.INVALID_VALUE, firstMsgId: NO_ID } : { firstMsgId }
  },

  // VPP registers no versions any more.
  api_versions: () => ({ apiVersions: [] }),

  get_api_json: (_request, { release }, call) => {
    call.send('get_api_json_reply', { json: release.apiJson() }, API_JSON_TAIL)
    return undefined
  },

  // VPP answers none of these on a socket, or only by way of shared memory.
  memclnt_create: () => undefined,
  memclnt_create_v2: () => undefined,
  memclnt_delete: () => undefined,
  memclnt_keepalive: () => undefined,
  rpc_call: () => undefined,
  sock_init_shm: () => undefined,
  trace_plugin_msg_ids: () => undefined,
}
