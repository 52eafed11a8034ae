import { describe, expect, it } from 'vitest'
import { Message, Struct } from './classes.ts'
import { defineAlias, defineMessage, defineStruct } from './define.ts'
import { leftOutCheck } from './left-out.ts'

const Index = defineAlias('interface_index', 'u32', undefined, 'interface-index')
const Other = defineAlias('other_index', Index)

class Path extends Struct<Path> {
  static readonly descriptor = defineStruct<Path>(Path, 'path', [
    ['sw_if_index', 'swIfIndex', 'u32'],
    ['weight', 'weight', 'u8'],
  ])
}

class Route extends Message<Route> {
  static readonly descriptor = defineMessage<Route>(Route, 'route', '00000000', 'request', [
    ['rx', 'rx', Other],
    ['tx', 'tx', Index, undefined, { default: 0xffffffff }],
    ['pair', 'pair', Index, 2],
    ['policer_index', 'policerIndex', 'u32'],
    ['via', 'via', Path],
    ['n_paths', 'nPaths', 'u8'],
    ['paths', 'paths', Path, 'n_paths'],
  ])
}

class Plain extends Message<Plain> {
  static readonly descriptor = defineMessage<Plain>(Plain, 'plain', '00000000', 'request', [
    ['policer_index', 'policerIndex', 'u32'],
  ])
}

const check = (request: object) => () => leftOutCheck(Route.descriptor)?.(request)
const via = { swIfIndex: 0 }

describe('an interface index that is left out of a request', () => {
  it('is refused with its path and the remedy', () => {
    expect(check({ via })).toThrow(
      'route: rx: expected an interface index (NONE where none is meant, 0 for local0), received undefined',
    )
    expect(check({})).toThrow(expect.objectContaining({ code: 'VPP_ENCODE', path: 'rx' }) as Error)
  })

  it('is refused in structs and in the elements of arrays', () => {
    expect(check({ rx: 1 })).toThrow('route: via.swIfIndex: expected an interface index')
    expect(check({ rx: 1, via: {} })).toThrow('route: via.swIfIndex: ')
    expect(check({ rx: 1, via, paths: [via, { weight: 1 }] })).toThrow('route: paths[1].swIfIndex: ')
  })

  it('does not matter where the API has a default, for other indexes, and for whole instances', () => {
    expect(check({ rx: 0, via, paths: [new Path()] })).not.toThrow()
    expect(check(new Route())).not.toThrow()
    expect(leftOutCheck(Plain.descriptor)).toBeUndefined()
  })

  it('leaves what is not an object to the codec', () => {
    expect(check({ rx: 'x', via: 7, paths: 'none' })).not.toThrow()
    expect(check({ rx: 1, via: null, paths: [null] })).not.toThrow()
  })
})
