import { describe, expect, it } from 'vitest'
import { suggest } from './suggest.ts'
import { versionsOf } from './versions.ts'

describe('suggestions', () => {
  const KNOWN = ['create_loopback', 'create_loopback_instance', 'delete_loopback', 'sw_interface_dump']

  it.each([
    ['create_loopbak', ['create_loopback']],
    ['CREATE_LOOPBACK', ['create_loopback']],
    ['crete_loopback', ['create_loopback', 'delete_loopback']],
    ['sw_interfaces_dump', ['sw_interface_dump']],
    ['something_else', []],
    ['', []],
  ])('%s', (name, expected) => {
    expect(suggest(name, KNOWN)).toEqual(expected)
  })
})

describe('versions', () => {
  it.each([
    ['tap_create', ['tap_create_v3', 'tap_create_v2']],
    ['tap_create_v3', ['tap_create_v3', 'tap_create_v2']],
    ['ip_route_dump', ['ip_route_v2_dump', 'ip_route_dump']],
    ['ip_route_v2_dump', ['ip_route_v2_dump', 'ip_route_dump']],
    ['rule_v10', ['rule_v10', 'rule_v9', 'rule']],
    ['nat64_v', []],
  ])('of %s', (name, expected) => {
    const known = [
      'tap_create_v2',
      'tap_create_v3',
      'ip_route_dump',
      'ip_route_v2_dump',
      'rule',
      'rule_v9',
      'rule_v10',
    ]
    expect(versionsOf(name, known)).toEqual(expected)
  })
})
