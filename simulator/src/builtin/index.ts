import { abf } from './abf.ts'
import { acl } from './acl.ts'
import { bond } from './bond.ts'
import type { BuiltIns } from './built-in.ts'
import { det44 } from './det44.ts'
import { dhcp } from './dhcp.ts'
import { diagnosis } from './diagnosis.ts'
import { dns } from './dns.ts'
import { interfaces } from './interface.ts'
import { ip } from './ip.ts'
import { l2 } from './l2.ts'
import { lcp } from './lcp.ts'
import { mactime } from './mactime.ts'
import { memclnt } from './memclnt.ts'
import { memif } from './memif.ts'
import { mpls } from './mpls.ts'
import { mroute } from './mroute.ts'
import { mssClamp } from './mss-clamp.ts'
import { nat44 } from './nat44.ts'
import { nat44Ei } from './nat44-ei.ts'
import { nat64 } from './nat64.ts'
import { nat66 } from './nat66.ts'
import { neighbor } from './neighbor.ts'
import { policer } from './policer.ts'
import { pppoe } from './pppoe.ts'
import { proxy } from './proxy.ts'
import { qos } from './qos.ts'
import { route } from './route.ts'
import { settings } from './settings.ts'
import { sflow } from './sflow.ts'
import { tap } from './tap.ts'
import { tunnel } from './tunnel.ts'
import { urpf } from './urpf.ts'
import { vpe } from './vpe.ts'

/** Everything that the simulator has a model of, by module. */
export const BUILT_IN_GROUPS: Readonly<Record<string, BuiltIns>> = {
  memclnt,
  vpe,
  interfaces,
  settings,
  ip,
  route,
  mroute,
  neighbor,
  mpls,
  l2,
  acl,
  nat44,
  nat44Ei,
  memif,
  tap,
  bond,
  tunnel,
  lcp,
  sflow,
  policer,
  qos,
  abf,
  mssClamp,
  urpf,
  proxy,
  dhcp,
  dns,
  pppoe,
  nat64,
  nat66,
  det44,
  mactime,
  diagnosis,
}

/** All of it, by the wire name of the request. */
export const BUILT_INS: BuiltIns = Object.assign({}, ...Object.values(BUILT_IN_GROUPS)) as BuiltIns
