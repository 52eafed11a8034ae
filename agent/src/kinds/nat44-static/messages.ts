import * as ed from '@vpp-ts/binapi-nat44-ed'
import * as ei from '@vpp-ts/binapi-nat44-ei'
import { derived, indexOf, item, unused, uses } from '../uses.ts'

const isAdd = derived('true to make it, false to remove it')
const mapping = {
  localIpAddress: item('localAddress'),
  externalIpAddress: item('externalAddress'),
  protocol: item('protocol'),
  localPort: item('localPort'),
  externalPort: item('externalPort'),
  externalSwIfIndex: indexOf('externalInterface'),
  vrfId: item('table'),
  tag: derived('the mark, and what VPP does not tell'),
}
const edFlags = derived('from `protocol`, `twiceNat` and `outToInOnly`')
const eiFlags = derived('address only for protocol `any`')

/** Messages of static mappings. */
export const NAT44_STATIC_MESSAGES = [
  uses(ed.Nat44AddDelStaticMappingV2, {
    ...mapping,
    flags: edFlags,
    isAdd,
    matchPool: unused('VPP does not read it'),
    poolIpAddress: item('poolAddress'),
  }),
  uses(ed.Nat44StaticMappingDump, {}),
  uses(ed.Nat44StaticMappingDetails, { ...mapping, flags: edFlags }),
  uses(ei.Nat44EiAddDelStaticMapping, { ...mapping, flags: eiFlags, isAdd }),
  uses(ei.Nat44EiStaticMappingDump, {}),
  uses(ei.Nat44EiStaticMappingDetails, { ...mapping, flags: eiFlags }),
]
