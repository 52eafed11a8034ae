import { describe, expect, it } from 'vitest'
import { selectModules } from './select-modules.ts'

const MODULES = ['ip', 'ip_types', 'ip6_nd', 'nat44_ed', 'nat64', 'interface']
const select = (...wanted: string[]) =>
  selectModules(wanted, {
    modules: MODULES,
    moduleOfMessage: (message) => (message === 'ip_route_add_del' ? 'ip' : undefined),
  })

describe('selectModules', () => {
  it.each([
    [['ip'], ['ip']],
    [
      ['IP', 'ip-types'],
      ['ip', 'ip_types'],
    ],
    [['nat*'], ['nat44_ed', 'nat64']],
    [['ip?_nd'], ['ip6_nd']],
    [['ip_route_add_del'], ['ip']],
    [['ip*', '!ip-types', '!*nd'], ['ip']],
    [['!ip*', '!nat*'], ['interface']],
    [[], MODULES],
  ])('takes %j for %j', (wanted, modules) => {
    expect(select(...wanted)).toEqual(modules)
  })

  it('suggests what was meant, and never lists everything', () => {
    expect(() => select('ip_type')).toThrow('no module "ip_type" in the input; did you mean ip_types?')
    expect(() => select('zzz')).toThrow(
      'no module "zzz" in the input; list its 6 modules with: binapi-gen ls',
    )
    expect(() => select('vxlan*')).toThrow('no module "vxlan*"')
  })
})
