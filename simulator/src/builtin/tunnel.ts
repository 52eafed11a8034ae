import type { Model } from '../model/model.ts'
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

/** The first version of the details has no ports. */
const dumpVxlansWithoutPorts: BuiltIn = (request: { swIfIndex: number }, run, call) =>
  (dumpVxlans(request as never, run, call) as VxlanTunnel[]).map(
    ({ srcPort: _source, dstPort: _destination, ...tunnel }) => tunnel,
  )

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

function gresOf(asked: number, { tunnels }: Model): GreTunnel[] {
  return tunnels.gres().filter(({ swIfIndex }) => asked === NONE || swIfIndex === asked)
}

const dumpGres: BuiltIn = ({ swIfIndex }: { swIfIndex: number }, { model }) =>
  gresOf(swIfIndex, model).map(({ key: _key, ...tunnel }) => ({ tunnel }))

const dumpGresWithKey: BuiltIn = ({ swIfIndex }: { swIfIndex: number }, { model }) =>
  gresOf(swIfIndex, model).map((tunnel) => ({ tunnel }))

/** The message is not a dump by its definition, but gets details and no reply. */
const sendGresWithKey: BuiltIn = ({ swIfIndex }: { swIfIndex: number }, { model }, call) => {
  for (const tunnel of gresOf(swIfIndex, model)) call.send('gre_tunnel_details_v2', { tunnel })
  return undefined
}

/** Tunnels over IP. */
export const tunnel: BuiltIns = {
  vxlan_add_del_tunnel: addDelVxlan,
  vxlan_add_del_tunnel_v2: addDelVxlan,
  vxlan_add_del_tunnel_v3: addDelVxlan,
  vxlan_tunnel_dump: dumpVxlansWithoutPorts,
  vxlan_tunnel_v2_dump: dumpVxlans,
  gre_tunnel_add_del: addDelGre,
  gre_tunnel_add_del_v2: addDelGre,
  gre_tunnel_dump: dumpGres,
  gre_tunnel_dump_v2: sendGresWithKey,
  gre_tunnel_v2_dump: dumpGresWithKey,
}
