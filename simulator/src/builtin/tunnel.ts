import type { GreInit, GreTunnel, VxlanInit, VxlanTunnel } from '../model/tunnels.ts'
import type { BuiltIn, BuiltIns } from './built-in.ts'
import { NONE, orRefuse } from './built-in.ts'

type VxlanRequest = Omit<VxlanInit, 'instance'> & { readonly instance: number; readonly isAdd: boolean }

const addDelVxlan: BuiltIn = (request: VxlanRequest, { model: { tunnels } }) =>
  orRefuse({ swIfIndex: NONE }, () => {
    const { srcPort = 0, dstPort = 0, isL3 = false, instance } = request
    const init = { ...request, srcPort, dstPort, isL3, instance: instance === NONE ? undefined : instance }
    if (request.isAdd) return { swIfIndex: tunnels.addVxlan(init).swIfIndex }
    return { swIfIndex: tunnels.deleteVxlan(init) }
  })

const dumpVxlans: BuiltIn = (request: { swIfIndex: number }, { model: { tunnels } }): VxlanTunnel[] =>
  tunnels.vxlans().filter(({ swIfIndex }) => request.swIfIndex === NONE || swIfIndex === request.swIfIndex)

interface GreRequest {
  readonly isAdd: boolean
  readonly tunnel: Omit<GreInit, 'instance'> & { readonly instance: number }
}

const addDelGre: BuiltIn = ({ isAdd, tunnel }: GreRequest, { model: { tunnels } }) =>
  orRefuse({ swIfIndex: NONE }, () => {
    const init = { ...tunnel, instance: tunnel.instance === NONE ? undefined : tunnel.instance }
    if (isAdd) return { swIfIndex: tunnels.addGre(init).swIfIndex }
    return { swIfIndex: tunnels.deleteGre(init) }
  })

const dumpGres: BuiltIn = (request: { swIfIndex: number }, { model: { tunnels } }) =>
  tunnels
    .gres()
    .filter(({ swIfIndex }) => request.swIfIndex === NONE || swIfIndex === request.swIfIndex)
    .map((tunnel: GreTunnel) => ({ tunnel }))

/** The message is no dump by its definition, but gets details and no reply. */
const dumpGresV2: BuiltIn = (request: { swIfIndex: number }, run, call) => {
  for (const details of dumpGres(request as never, run, call) as object[])
    call.send('gre_tunnel_details_v2', details)
  return undefined
}

/** Tunnels over IP. */
export const tunnel: BuiltIns = {
  vxlan_add_del_tunnel: addDelVxlan,
  vxlan_add_del_tunnel_v2: addDelVxlan,
  vxlan_add_del_tunnel_v3: addDelVxlan,
  vxlan_tunnel_dump: dumpVxlans,
  vxlan_tunnel_v2_dump: dumpVxlans,
  gre_tunnel_add_del: addDelGre,
  gre_tunnel_add_del_v2: addDelGre,
  gre_tunnel_dump: dumpGres,
  gre_tunnel_dump_v2: dumpGresV2,
  gre_tunnel_v2_dump: dumpGres,
}
