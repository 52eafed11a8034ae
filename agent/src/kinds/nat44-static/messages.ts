import {
  Nat44AddDelStaticMappingV2,
  Nat44EdPluginEnableDisable,
  Nat44StaticMappingDetails,
  Nat44StaticMappingDump,
} from '@vpp-ts/binapi-nat44-ed'
import { derived, item, unused, uses } from '../uses.ts'

const mapping = {
  flags: derived('address only for protocol `any`'),
  localIpAddress: item('localAddress'),
  externalIpAddress: item('externalAddress'),
  protocol: item('protocol'),
  localPort: item('localPort'),
  externalPort: item('externalPort'),
  externalSwIfIndex: unused('the external address is told'),
  vrfId: item('table'),
  tag: derived('the mark'),
}

const first = unused('whoever turns NAT44 on first chooses; the agent takes the defaults')

/** Messages of static mappings of NAT44. */
export const NAT44_STATIC_MESSAGES = [
  uses(Nat44EdPluginEnableDisable, {
    insideVrf: first,
    outsideVrf: first,
    sessions: first,
    sessionMemory: first,
    enable: derived('true'),
    flags: first,
  }),
  uses(Nat44AddDelStaticMappingV2, {
    ...mapping,
    isAdd: derived('true to make it, false to remove it'),
    matchPool: unused('the external address is told'),
    poolIpAddress: unused('the external address is told'),
  }),
  uses(Nat44StaticMappingDump, {}),
  uses(Nat44StaticMappingDetails, mapping),
]
