import type { BuiltIns } from './built-in.ts'
import { DONE, NONE, orRefuse } from './built-in.ts'

interface SessionRequest {
  readonly isAdd: boolean
  readonly sessionId: number
  readonly clientIp: string
  readonly decapVrfId: number
  readonly clientMac: string
}

/** PPPoE. Sessions are not dumped: VPP sends their details under the number of another message. */
export const pppoe: BuiltIns = {
  pppoe_add_del_session: (request: SessionRequest, { model }) =>
    orRefuse({ swIfIndex: NONE }, () => {
      const { sessionId, clientIp: address, decapVrfId: tableId, clientMac: mac } = request
      const client = { mac, sessionId, address, tableId }
      return { swIfIndex: request.isAdd ? model.pppoe.add(client).swIfIndex : model.pppoe.remove(client) }
    }),

  pppoe_add_del_cp: ({ swIfIndex, isAdd }: { swIfIndex: number; isAdd: number }, { model }) => {
    model.pppoe.setControl(swIfIndex, isAdd !== 0)
    return DONE
  },
}
