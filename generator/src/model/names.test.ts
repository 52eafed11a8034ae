import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { armScope, camelCase, enumScope, pascalCase, propertyScope } from '../rules/names.ts'
import { clientScope, moduleScope } from './names.ts'

describe('camelCase', () => {
  it.each([
    ['sw_if_index', 'swIfIndex'],
    ['name', 'name'],
    ['T1', 't1'],
    ['ID', 'id'],
    ['sampling_N', 'samplingN'],
    ['header_B', 'headerB'],
    ['_6rd', '_6rd'],
    ['_vl_msg_id', '_vlMsgId'],
    ['6rd', '_6rd'],
    ['ip4_arp', 'ip4Arp'],
    ['v1_2', 'v1_2'],
    ['a__b', 'aB'],
    ['a_', 'a'],
    ['_', '_'],
    ['fooBar_baz', 'fooBarBaz'],
  ])('%s → %s', (wireName, name) => expect(camelCase(wireName)).toBe(name))
})

describe('pascalCase', () => {
  it.each([
    ['sw_interface_details', 'SwInterfaceDetails'],
    ['6rd', '_6rd'],
    ['map_6rd', 'Map6rd'],
    ['punt_reason_1_2', 'PuntReason1_2'],
    ['vxlan_gpe_ioam', 'VxlanGpeIoam'],
    ['lb_lkp_type_t', 'LbLkpTypeT'],
  ])('%s → %s', (wireName, name) => expect(pascalCase(wireName)).toBe(name))

  it('gives identifiers, whatever the wire name', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_]{1,20}$/), (wireName) => {
        expect(pascalCase(wireName)).toMatch(/^[A-Za-z_]\w*$/)
        expect(camelCase(wireName)).toMatch(/^[A-Za-z_]\w*$/)
      }),
    )
  })
})

describe('scopes', () => {
  it('never give a name twice', () => {
    const scope = moduleScope()
    expect([
      scope.take('Poke'),
      scope.take('Poke', 'Type'),
      scope.take('Poke', 'Type'),
      scope.take('Poke'),
    ]).toEqual(['Poke', 'PokeType', 'PokeType_', 'Poke_'])
  })

  it.each([
    ['a module', moduleScope, 'Map', 'Map_'],
    ['a class', propertyScope, 'constructor', 'constructor_'],
    ['a class', propertyScope, 'then', 'then_'],
    ['a class', propertyScope, 'length', 'length'],
    ['a union', armScope, 'length', 'length_'],
    ['a union', armScope, 'bytes', 'bytes_'],
    ['a union', armScope, 'descriptor', 'descriptor_'],
    ['an enum', enumScope, 'descriptor', 'descriptor_'],
    ['a client', clientScope, 'then', 'then_'],
  ])('of %s keep %s free', (_what, makeScope, name, given) => {
    expect((makeScope as typeof moduleScope)().take(name as string)).toBe(given)
  })
})
