import { abf } from './abf/index.ts'
import { acl } from './acl/index.ts'
import { bridgeDomain } from './bridge-domain/index.ts'
import { dhcpClient } from './dhcp-client/index.ts'
import { dhcpProxy } from './dhcp-proxy/index.ts'
import { dhcp6Proxy } from './dhcp6-proxy/index.ts'
import { dns } from './dns/index.ts'
import { pppoe } from './pppoe/index.ts'
import { pppoeSessions } from './pppoe-session/index.ts'
import { interfaces } from './interface/index.ts'
import { Kinds } from './kinds.ts'
import { macipAcl } from './macip-acl/index.ts'
import { memifSocket } from './memif-socket/index.ts'
import { mssClamp } from './mss-clamp/index.ts'
import { det44 } from './det44/index.ts'
import { det44Mapping } from './det44-mapping/index.ts'
import { nat44 } from './nat44/index.ts'
import { nat44Identity } from './nat44-identity/index.ts'
import { nat44LoadBalancer } from './nat44-load-balancer/index.ts'
import { nat44Static } from './nat44-static/index.ts'
import { nat64 } from './nat64/index.ts'
import { nat64Static } from './nat64-static/index.ts'
import { nat66 } from './nat66/index.ts'
import { nat66Static } from './nat66-static/index.ts'
import { neighbour } from './neighbour/index.ts'
import { policer } from './policer/index.ts'
import { proxyArp } from './proxy-arp/index.ts'
import { proxyNd } from './proxy-nd/index.ts'
import { qosMap } from './qos-map/index.ts'
import { qos } from './qos/index.ts'
import { route } from './route/index.ts'
import { urpf } from './urpf/index.ts'
import { vrf } from './vrf/index.ts'

/** Every kind of item that comes with the agent. A new kind is a folder beside this file, and a line here. */
export const BUILT_IN = [
  memifSocket,
  vrf,
  interfaces,
  bridgeDomain,
  acl,
  neighbour,
  route,
  nat44,
  nat44Static,
  nat44Identity,
  nat44LoadBalancer,
  nat64,
  nat64Static,
  nat66,
  nat66Static,
  det44,
  det44Mapping,
  dhcpClient,
  mssClamp,
  urpf,
  proxyArp,
  proxyNd,
  macipAcl,
  policer,
  abf,
  qosMap,
  qos,
  dhcpProxy,
  dhcp6Proxy,
  dns,
  pppoe,
  pppoeSessions,
] as const

/** The kinds that come with the agent. */
export const KINDS = new Kinds(BUILT_IN)
