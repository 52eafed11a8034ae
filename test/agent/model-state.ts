import type { Simulator } from '@vpp-ts/simulator'

/**
 * All that a simulated VPP has, in terms that do not depend on the order in which it was made. What exists twice is in
 * it twice.
 */
export function stateOf({ model }: Simulator): unknown {
  const nameOf = (swIfIndex: number): string => {
    const it = model.interfaces.find(swIfIndex)
    return it === undefined ? `none ${swIfIndex}` : it.tag || it.name
  }
  const aclName = (index: number): string => model.acls.find(index)?.tag ?? ''
  const interfaces = [...model.interfaces].map((it) => ({
    name: nameOf(it.swIfIndex),
    type: it.devType,
    mac: it.mac,
    up: it.adminUp,
    mtu: it.mtu,
    tables: it.tableId,
    addresses: [...it.addresses].sort(),
    input: model.acls.bindingOf(it.swIfIndex).input.map(aclName),
    output: model.acls.bindingOf(it.swIfIndex).output.map(aclName),
  }))
  const routes = model.fib.tables().flatMap((table) =>
    [...table].map((route) => ({
      table: `${table.family}/${table.tableId}`,
      prefix: route.prefix,
      by: route.contributions.map(({ source, paths }) => ({
        source,
        paths: paths.map((path) => JSON.stringify({ ...path, swIfIndex: nameOf(path.swIfIndex) })).sort(),
      })),
    })),
  )
  const bridges = [...model.bridges].map(({ bdId, features, macAge, tag, bvi, members }) => ({
    bdId,
    features,
    macAge,
    tag,
    bvi: bvi === undefined ? '' : nameOf(bvi),
    members: members
      .map((member) => JSON.stringify({ ...member, swIfIndex: nameOf(member.swIfIndex) }))
      .sort(),
  }))
  const neighbours = [...model.neighbors].map(({ swIfIndex, ipAddress, macAddress, flags }) => ({
    interface: nameOf(swIfIndex),
    ipAddress,
    macAddress,
    flags,
  }))
  return {
    interfaces: sorted(interfaces),
    routes: sorted(routes),
    bridges: sorted(bridges),
    neighbours: sorted(neighbours),
    acls: sorted([...model.acls].map(({ tag, rules }) => ({ tag, rules }))),
    sockets: sorted(model.memifs.sockets().filter(([id]) => id !== 0)),
    memifs: sorted(
      [...model.memifs].map(({ swIfIndex, ...memif }) => ({ ...memif, name: nameOf(swIfIndex) })),
    ),
    nat: sorted(model.nat44.mappings()),
    clamps: sorted(model.mssClamps.enabled().map(([on, clamp]) => ({ ...clamp, interface: nameOf(on) }))),
    checks: sorted(
      [...model.interfaces].flatMap(({ swIfIndex }) =>
        model.urpf.of(swIfIndex).map((it) => ({ ...it, swIfIndex: nameOf(swIfIndex) })),
      ),
    ),
    policers: sorted(
      [...model.policers].map(({ name, config }) => ({
        ...config,
        name,
        cb: String(config.cb),
        eb: String(config.eb),
      })),
    ),
    policed: sorted(
      [...model.interfaces].flatMap(({ swIfIndex }) =>
        (['input', 'output'] as const)
          .filter((direction) => model.policers.featuresOf(swIfIndex, direction) > 0)
          .map((direction) => {
            const times = model.policers.featuresOf(swIfIndex, direction)
            const index = model.policers.appliedTo(swIfIndex, direction)
            const policer = index === undefined ? undefined : model.policers.find(index)?.name
            return { on: nameOf(swIfIndex), direction, times, policer }
          }),
      ),
    ),
    policies: sorted(
      model.abf.policies().map(({ policyId, aclIndex, paths }) => ({
        policyId,
        acl: aclName(aclIndex),
        paths: paths.map((path) => JSON.stringify({ ...path, swIfIndex: nameOf(path.swIfIndex) })).sort(),
      })),
    ),
    attached: sorted(model.abf.attachments().map((it) => ({ ...it, swIfIndex: nameOf(it.swIfIndex) }))),
    marking: sorted([...model.qos.marks()].map((it) => ({ ...it, swIfIndex: nameOf(it.swIfIndex) }))),
    recording: sorted(
      [...model.qos.records, ...model.qos.stores].map((it) => ({ ...it, swIfIndex: nameOf(it.swIfIndex) })),
    ),
    maps: sorted([...model.qos.maps].map(([id, rows]) => ({ id, rows: rows.map((it) => [...it]) }))),
    relays: sorted(
      ([4, 6] as const).flatMap((family) =>
        model.dhcpProxies.of(family).map((it) => ({ ...it, servers: sorted(it.servers) })),
      ),
    ),
    control: sorted(
      [...model.interfaces]
        .filter(({ swIfIndex }) => model.pppoe.controlOf(swIfIndex) > 0)
        .map(({ swIfIndex }) => [nameOf(swIfIndex), model.pppoe.controlOf(swIfIndex)]),
    ),
    sessions: sorted([...model.pppoe.sessions()]),
    resolving: model.dns.enabled ? ['on'] : [],
    nameServers: sorted(model.dns.servers),
    ranges: sorted(model.proxies.ranges),
    answering: sorted(model.proxies.arpInterfaces.map(nameOf)),
    macips: sorted([...model.macipAcls].map(({ tag, rules }) => ({ tag, rules }))),
    macipBindings: sorted(
      model.macipAcls
        .bindings()
        .map(([on, list]) => [
          nameOf(on),
          [...model.macipAcls].find(({ aclIndex }) => aclIndex === list)?.tag,
        ]),
    ),
    dhcp: sorted(
      [...model.dhcp].map(({ config: { clientIndex: _who, swIfIndex, ...config }, lease }) => ({
        ...config,
        id: Buffer.from(config.id).toString('hex'),
        interface: nameOf(swIfIndex),
        lease,
      })),
    ),
  }
}

function sorted(list: readonly unknown[]): string[] {
  return list.map((one) => JSON.stringify(one)).sort()
}
