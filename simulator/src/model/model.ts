import { Abf } from './abf.ts'
import { Acls } from './acls.ts'
import type { StaleAddresses } from './addresses.ts'
import { Bonds } from './bonds.ts'
import { Bridges } from './bridges.ts'
import { ConnectedRoutes } from './connected-routes.ts'
import { Counters } from './counters.ts'
import { Det44 } from './det44.ts'
import { Dhcp } from './dhcp.ts'
import type { DhcpClient } from './dhcp.ts'
import { DhcpProxies } from './dhcp-proxies.ts'
import { Dns } from './dns.ts'
import { Fib } from './fib.ts'
import { Hardware } from './hardware.ts'
import { Interfaces } from './interfaces.ts'
import type { ChangeDetail, Interface, InterfaceChange } from './interfaces.ts'
import { Ipfix } from './ipfix.ts'
import { Lcp } from './lcp.ts'
import { MacipAcls } from './macip-acls.ts'
import { Memifs } from './memifs.ts'
import { Mpls } from './mpls.ts'
import { MplsTunnels } from './mpls-tunnels.ts'
import { Mroutes } from './mroutes.ts'
import { MssClamps } from './mss-clamp.ts'
import { Nat44 } from './nat44.ts'
import { Nat44Ei } from './nat44-ei.ts'
import { Nat64 } from './nat64.ts'
import { Nat66 } from './nat66.ts'
import { NEIGHBOR_FLAG, Neighbors } from './neighbors.ts'
import type { Neighbor } from './neighbors.ts'
import { Nodes } from './nodes.ts'
import type { NodeInit } from './nodes.ts'
import { PacketCaptures } from './packet-captures.ts'
import { PacketTraces } from './packet-traces.ts'
import { Policers } from './policers.ts'
import { Pppoe } from './pppoe.ts'
import type { Family } from './prefix.ts'
import { Proxies } from './proxies.ts'
import { Qos } from './qos.ts'
import { RouterAdvertisements } from './router-advertisements.ts'
import { Sflow } from './sflow.ts'
import { Taps } from './taps.ts'
import { Traffic } from './traffic.ts'
import { Tunnels } from './tunnels.ts'
import { Urpf } from './urpf.ts'

/** What the simulated VPP says about itself. */
export interface Identity {
  /** As in `26.06.0-release`. */
  readonly version: string
  readonly buildDate: string
  readonly buildDirectory: string
  /** Folder of the sockets. */
  readonly runtimeDir: string
}

/** Something that clients may have subscribed to. */
export type ModelEvent =
  | { readonly kind: 'interface'; readonly change: InterfaceChange; readonly interface: Interface }
  | { readonly kind: 'neighbor'; readonly change: 'added' | 'removed'; readonly neighbor: Neighbor }
  | { readonly kind: 'lease'; readonly client: DhcpClient }

/**
 * State of a small VPP. Read and change it in tests: clients see what changes, and get the events that VPP would send.
 */
export class Model {
  readonly identity: Identity
  readonly interfaces: Interfaces
  readonly fib = new Fib()
  readonly neighbors: Neighbors
  readonly bridges: Bridges
  readonly acls: Acls
  readonly macipAcls: MacipAcls
  readonly memifs: Memifs
  readonly taps: Taps
  readonly nat44: Nat44
  readonly nat44Ei: Nat44Ei
  readonly hardware: Hardware
  readonly bonds: Bonds
  readonly tunnels: Tunnels
  readonly lcp: Lcp
  readonly mpls: Mpls
  readonly mplsTunnels: MplsTunnels
  readonly sflow: Sflow
  readonly mroutes: Mroutes
  readonly advertisements: RouterAdvertisements
  readonly policers: Policers
  readonly qos: Qos
  readonly abf = new Abf()
  readonly mssClamps: MssClamps
  readonly urpf: Urpf
  readonly proxies: Proxies
  readonly dhcp: Dhcp
  readonly dhcpProxies = new DhcpProxies(this.fib)
  readonly dns = new Dns()
  readonly pppoe: Pppoe
  readonly det44: Det44
  readonly nat64: Nat64
  readonly nat66: Nat66
  readonly ipfix = new Ipfix(this.fib)
  readonly counters = new Counters()
  /** Graph nodes and error counters. */
  readonly nodes: Nodes
  /** Packets that a test lets come in at a node, for whoever traces. */
  readonly traces: PacketTraces
  /** Packets that a test lets pass, for whoever captures. */
  readonly captures: PacketCaptures
  /** Flows of packets that are counted as time goes by. */
  readonly traffic: Traffic
  /** Set while a client replaces the addresses of all interfaces. */
  staleAddresses: StaleAddresses | undefined
  readonly #connected = new ConnectedRoutes(this.fib)
  readonly #listeners = new Set<(event: ModelEvent) => void>()

  constructor(identity: Identity, nodes: readonly NodeInit[]) {
    this.identity = identity
    this.interfaces = new Interfaces((change, it, detail) => this.#interfaceChanged(change, it, detail))
    this.nodes = new Nodes(nodes, this.interfaces, this.counters)
    this.traces = new PacketTraces(this.nodes)
    this.captures = new PacketCaptures(this.interfaces)
    this.traffic = new Traffic(this.counters, this.nodes)
    this.fib.usedElsewhere = (family, tableId) => this.interfaces.usesTable(family, tableId)
    this.neighbors = new Neighbors(this.interfaces, this.fib, (change, neighbor) =>
      this.#emit({ kind: 'neighbor', change, neighbor }),
    )
    this.bridges = new Bridges(this.interfaces)
    this.acls = new Acls(this.interfaces)
    this.acls.usedElsewhere = (aclIndex) => this.abf.usesAcl(aclIndex)
    this.macipAcls = new MacipAcls(this.interfaces)
    this.memifs = new Memifs(this.interfaces, identity.runtimeDir)
    this.taps = new Taps(this.interfaces)
    this.hardware = new Hardware(this.interfaces)
    this.bonds = new Bonds(this.interfaces)
    this.tunnels = new Tunnels(this.interfaces, this.fib)
    this.lcp = new Lcp(this.interfaces, this.taps)
    this.mpls = new Mpls(this.interfaces)
    this.mplsTunnels = new MplsTunnels(this.interfaces)
    this.advertisements = new RouterAdvertisements(this.interfaces)
    this.mroutes = new Mroutes(this.interfaces, this.fib)
    this.sflow = new Sflow(this.interfaces)
    this.policers = new Policers(this.interfaces)
    this.pppoe = new Pppoe({ interfaces: this.interfaces, fib: this.fib })
    this.qos = new Qos(this.interfaces)
    this.mssClamps = new MssClamps(this.interfaces)
    this.urpf = new Urpf(this.interfaces, this.fib)
    this.det44 = new Det44(this.interfaces, this.fib)
    this.nat64 = new Nat64(this.interfaces, this.fib)
    this.nat66 = new Nat66(this.interfaces, this.fib)
    this.dhcp = new Dhcp({
      interfaces: this.interfaces,
      fib: this.fib,
      bound: (client) => this.#emit({ kind: 'lease', client }),
    })
    this.proxies = new Proxies(this.interfaces, this.fib, this.neighbors)
    const tables = {
      use: (tableId: number): void => this.fib.hold(4, tableId),
      release: (tableId: number): void => this.fib.letGo(4, tableId),
      has: (tableId: number): boolean => this.fib.find(4, tableId) !== undefined,
    }
    this.nat44 = new Nat44(this.interfaces, this.fib, tables)
    this.nat44Ei = new Nat44Ei(this.interfaces, this.fib, tables)
  }

  /** Calls `listener` for every event; the result takes it away again. */
  listen(listener: (event: ModelEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #interfaceChanged(change: InterfaceChange, it: Interface, detail: ChangeDetail): void {
    // The first interface is made before the rest of the model.
    if (it.swIfIndex === 0 && change === 'created') return
    switch (change) {
      case 'created':
        this.nodes.created(it)
        break
      case 'renamed':
        if (it.sub === undefined) this.nodes.renamed(it)
        break
      case 'deleted':
        this.nodes.deleted(it)
        this.#forget(it.swIfIndex)
        for (const address of it.addresses) this.nat64.addressRemoved(it.swIfIndex, address)
        this.#connected.update(it)
        this.#sweep(it.tableId)
        break
      case 'admin':
        // A link that is down forgets the neighbours that it learned.
        if (!it.adminUp)
          this.neighbors.flush(({ flags }) => (flags & NEIGHBOR_FLAG.STATIC) === 0, it.swIfIndex)
        this.#connected.update(it)
        this.bonds.memberChanged(it.swIfIndex)
        break
      case 'mac':
        this.bridges.macChanged(it)
        break
      case 'link':
        this.bonds.memberChanged(it.swIfIndex)
        break
      case 'broadcast':
        this.#connected.broadcastChanged(it)
        break
      case 'address-added':
        if (detail.address === undefined) break
        this.#connected.added(it, detail.address)
        this.nat44.addressAdded(it, detail.address)
        this.nat44Ei.addressAdded(it, detail.address)
        this.nat64.addressAdded(it.swIfIndex, detail.address)
        break
      case 'address-removed':
        if (detail.address === undefined) break
        this.#connected.removed(it, detail.address)
        this.nat44.addressRemoved(it, detail.address)
        this.nat44Ei.addressRemoved(it, detail.address)
        this.nat64.addressRemoved(it.swIfIndex, detail.address)
        break
      case 'tables':
        if (detail.tables !== undefined) this.#tablesChanged(it, detail.tables)
        break
      default:
    }
    this.#emit({ kind: 'interface', change, interface: it })
  }

  #tablesChanged(it: Interface, before: Readonly<Record<Family, number>>): void {
    for (const family of [4, 6] as const) {
      const [from, to] = [before[family], it.tableId[family]]
      if (from !== to) this.neighbors.rebind(it.swIfIndex, family, from, to)
    }
    this.#connected.update(it)
    this.#sweep(before)
  }

  /** Tables that clients have given up go with their last interface. */
  #sweep(tables: Readonly<Record<Family, number>>): void {
    for (const family of [4, 6] as const) {
      this.fib.sweep(family, tables[family])
    }
  }

  #forget(swIfIndex: number): void {
    this.neighbors.flush(() => true, swIfIndex)
    this.bridges.leave(swIfIndex)
    this.acls.unbind(swIfIndex)
    this.macipAcls.forget(swIfIndex)
    this.nat44.forget(swIfIndex)
    this.nat44Ei.forget(swIfIndex)
    this.bonds.forget(swIfIndex)
    this.lcp.forget(swIfIndex)
    this.policers.forget(swIfIndex)
    this.pppoe.forget(swIfIndex)
    this.qos.forget(swIfIndex)
    this.counters.clear(swIfIndex)
    this.fib.interfaceDeleted(swIfIndex)
  }

  #emit(event: ModelEvent): void {
    for (const listener of this.#listeners) listener(event)
  }
}
