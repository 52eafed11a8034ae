import { beforeAll, describe, expect, it } from 'vitest'
import { loadSchema } from '../input/load.ts'
import { RELEASES, bundled } from '../testing/folder.ts'
import { messageIn, moduleIn, typeIn } from '../testing/load.ts'
import { buildModel } from './build.ts'
import type { Model, ModelMethod, ModelType } from './model.ts'

/** Bytes of every union, from the field lists of VPP's API files. */
const UNION_SIZES: Readonly<Record<string, number>> = {
  address_union: 16,
  eid_address: 18,
  flow: 82,
  flow_v2: 2052,
  npol_entry_data: 18,
  npol_ipset_member_val: 20,
  punt_union: 4,
}

/** Unions that a release has not yet. */
const LATER: Readonly<Record<string, readonly string[]>> = {
  '24.10': ['npol_entry_data', 'npol_ipset_member_val'],
  '25.02': ['npol_entry_data', 'npol_ipset_member_val'],
  '25.06': ['npol_entry_data', 'npol_ipset_member_val'],
  '25.10': ['npol_entry_data', 'npol_ipset_member_val'],
}

const typesOf = (model: Model): ModelType[] => model.modules.flatMap(({ types }) => types)
const sizesOf = (model: Model) =>
  Object.fromEntries(
    typesOf(model)
      .filter(({ kind }) => kind === 'union')
      .map(({ wireName, size }) => [wireName, size.bytes]),
  )

const message = (model: Model, module: string, name: string) => messageIn(moduleIn(model, module), name)
const method = (model: Model, module: string, name: string): ModelMethod | undefined =>
  moduleIn(model, module).methods.find((candidate) => candidate.name === name)

describe.each(RELEASES)('VPP %s', (release) => {
  let model: Model

  beforeAll(async () => {
    model = buildModel(await loadSchema({ input: bundled(release) }))
  })

  it('has the exact size of every union', () => {
    const later = LATER[release] ?? []
    const expected = Object.entries(UNION_SIZES).filter(([name]) => !later.includes(name))
    expect(sizesOf(model)).toEqual(Object.fromEntries(expected))
  })

  it('gives every arm that has a case its value, before VPP wrote that down too', () => {
    const unions = typesOf(model).filter((type) => type.kind === 'union')
    for (const { wireName, arms } of unions) {
      for (const arm of arms) expect(arm.chosenBy, `${wireName}.${arm.wireName}`).toBeDefined()
    }
    const address = unions.find(({ wireName }) => wireName === 'address_union')
    expect(address?.arms.map(({ chosenBy }) => chosenBy)).toEqual([
      { member: 'ADDRESS_IP4', value: 0 },
      { member: 'ADDRESS_IP6', value: 1 },
    ])
  })

  it('names the discriminator of every union that has one', () => {
    const chosen = typesOf(model).flatMap((type) =>
      type.kind === 'struct'
        ? type.fields.flatMap(({ wireName, discriminator: by }) =>
            by ? [`${type.wireName}.${wireName}: ${by}`] : [],
          )
        : [],
    )
    const npol = LATER[release] === undefined ? ['npol_rule_entry.data: type'] : []
    expect(chosen.toSorted()).toEqual(
      [
        'address.un: af',
        'eid.address: type',
        'flow_rule.flow: type',
        'flow_rule_v2.flow: type',
        ...npol,
        'punt.punt: type',
      ].toSorted(),
    )
  })

  it('finds the friendly form of every type that has one', () => {
    const forms = typesOf(model).flatMap((type) =>
      'form' in type && type.form ? [`${type.wireName}: ${type.form}`] : [],
    )
    expect(forms.toSorted()).toEqual([
      'address: address',
      'interface_index: interface-index',
      'ip4_address: ip4-address',
      'ip4_prefix: ip4-prefix',
      'ip6_address: ip6-address',
      'ip6_prefix: ip6-prefix',
      'mac_address: mac-address',
      'prefix: prefix',
      'timedelta: timedelta',
      'timestamp: timestamp',
    ])
  })

  it('defines every type once, behind what it uses', () => {
    const names = typesOf(model).map(({ wireName }) => wireName)
    const repeated = names.filter((name, index) => names.indexOf(name) !== index)
    expect(repeated).toEqual(names.includes('sfdp_session_direction') ? ['sfdp_session_direction'] : [])
    for (const { types } of model.modules) {
      types.forEach((type, index) => {
        const uses = type.kind === 'struct' ? type.fields : type.kind === 'union' ? type.arms : [type]
        for (const item of uses) {
          const used = 'use' in item && item.use.kind === 'type' ? item.use.type : undefined
          if (used?.module === type.module) expect(types.indexOf(used)).toBeLessThan(index)
        }
      })
    }
  })

  it('has the layout of the messages that are odd', () => {
    expect(message(model, 'memclnt', 'control_ping')).toMatchObject({
      header: 'request',
      size: { bytes: 10, variable: false },
    })
    // A reply with the layout of a request.
    expect(message(model, 'memclnt', 'sockclnt_create_reply')).toMatchObject({
      header: 'request',
      size: { bytes: 20, variable: true },
    })
    // A request with the layout of a reply.
    expect(message(model, 'memclnt', 'sockclnt_create')).toMatchObject({
      header: 'reply',
      size: { bytes: 70, variable: false },
    })
    // Its client_index is a field like any other.
    expect(message(model, 'memclnt', 'control_ping_reply').fields.map(({ name }) => name)).toEqual([
      'retval',
      'clientIndex',
      'vpePid',
    ])
    expect(message(model, 'igmp', 'igmp_event').header).toBe('none')
    expect(message(model, 'interface', 'sw_interface_event')).toMatchObject({
      header: 'event',
      size: { bytes: 19, variable: false },
    })
    expect(message(model, 'flow', 'flow_add_v2').size).toEqual({ bytes: 2114, variable: false })
  })

  it('has the methods of the services that are odd', () => {
    // Streams under the name of a dump.
    expect(method(model, 'lldp', 'lldpDump')?.kind).toBe('stream')
    expect(method(model, 'tracedump', 'traceDump')?.kind).toBe('stream')
    // Details under another name than the dump's.
    expect(method(model, 'policer', 'policerDumpV2')).toMatchObject({
      kind: 'dump',
      details: { wireName: 'policer_details' },
    })
    expect(method(model, 'memclnt', 'rxThreadExit')?.kind).toBe('one-way')
    expect(method(model, 'map', 'mapDomainsGet')).toMatchObject({
      kind: 'stream',
      details: { wireName: 'map_domain_details' },
    })
  })

  it('knows how to subscribe to every event', () => {
    const events = model.modules.flatMap(({ methods }) => methods.filter(({ kind }) => kind === 'event'))
    const how = events.flatMap((method) =>
      method.kind === 'event'
        ? [`${method.name}: ${method.want ? `${method.want.enable} ${method.want.pid}` : 'none'}`]
        : [],
    )
    expect(how).toEqual(
      expect.arrayContaining([
        'swInterfaceEvents: enableDisable pid',
        'igmpEvents: enable pid',
        'ipNeighborEventsV2: enable pid',
        'l2MacsEvents: enableDisable pid',
        // These requests do something of their own.
        'dhcpComplEvents: none',
        'nat44EiHaResyncCompletedEvents: none',
        'pingFinishedEvents: none',
      ]),
    )
  })
})

describe('VPP 26.06', () => {
  let model: Model

  beforeAll(async () => {
    model = buildModel(await loadSchema({ input: bundled('26.06') }))
  })

  it('coerces defaults to the type of their fields', () => {
    const field = (module: string, message: string, name: string) =>
      messageIn(moduleIn(model, module), message).fields.find(({ wireName }) => wireName === name)?.default
    // "true", 0xffffffff, false and 1.0 in the definitions.
    expect(field('l2', 'want_l2_macs_events', 'enable_disable')).toBe(true)
    expect(field('l2', 'sw_interface_set_vpath', 'enable')).toBe(true)
    expect(field('ping', 'want_ping_finished_events', 'interval')).toBe(1)
    expect(field('interface', 'sw_interface_dump', 'sw_if_index')).toBe(0xffffffff)
    const values = model.modules.flatMap(({ messages }) =>
      messages.flatMap(({ fields }) => fields.filter((one) => one.default !== undefined)),
    )
    for (const { use, default: value } of values) {
      const scalar = use.kind === 'scalar' ? use.scalar : undefined
      if (scalar === 'bool') expect(typeof value).toBe('boolean')
      else if (scalar === 'u64') expect(typeof value).toBe('bigint')
      else expect(typeof value).toBe('number')
    }
    expect(values.length).toBeGreaterThan(250)
  })

  it('takes details that the API calls events for the answer to a dump', () => {
    const { methods } = moduleIn(model, 'gre')
    const dump = methods.find(({ name }) => name === 'greTunnelDumpV2')
    expect(dump).toMatchObject({ kind: 'dump', details: { wireName: 'gre_tunnel_details_v2' } })
    expect(methods.filter(({ kind }) => kind === 'event')).toEqual([])
  })

  it('takes enums whose name says so for flags', () => {
    expect(typeIn(moduleIn(model, 'interface_types'), 'if_status_flags')).toMatchObject({
      kind: 'enum',
      flags: true,
    })
    expect(typeIn(moduleIn(model, 'interface_types'), 'if_type')).toMatchObject({
      kind: 'enum',
      flags: false,
    })
  })

  it('takes the definitions as they were imported: the numbers of SOURCE.json', () => {
    const count = (kind: string) => typesOf(model).filter((type) => type.kind === kind).length
    expect(model.modules).toHaveLength(152)
    expect(model.modules.reduce((sum, { messages }) => sum + messages.length, 0)).toBe(2123)
    expect([count('struct'), count('enum'), count('union'), count('alias')]).toEqual([168, 144, 7, 9])
  })
})
