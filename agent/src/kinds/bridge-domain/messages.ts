import {
  BridgeDomainAddDel,
  BridgeDomainDetails,
  BridgeDomainDump,
  BridgeDomainSetMacAge,
  BridgeFlags,
  SwInterfaceSetL2Bridge,
} from '@vpp-ts/binapi-l2'
import { derived, indexOf, item, older, unused, uses } from '../uses.ts'

const domain = {
  bdId: item('id'),
  flood: item('flood'),
  uuFlood: item('unknownUnicastFlood'),
  forward: item('forward'),
  learn: item('learn'),
  arpTerm: item('arpTermination'),
  arpUfwd: item('arpUnicastForward'),
  macAge: item('macAge'),
  bdTag: derived('the mark'),
}

const dump = uses(BridgeDomainDump, {
  bdId: derived('all bridge domains'),
  swIfIndex: unused('all bridge domains are looked at'),
})

const details = uses(BridgeDomainDetails, {
  ...domain,
  bviSwIfIndex: indexOf('members[].interface'),
  uuFwdSwIfIndex: unused('unknown packets go to all members'),
  swIfDetails: {
    context: unused('of no meaning'),
    swIfIndex: indexOf('members[].interface'),
    shg: item('members[].splitHorizonGroup'),
  },
})

/** Messages of bridge domains. */
export const BRIDGE_DOMAIN_MESSAGES = [
  older(
    uses(BridgeDomainAddDel, { ...domain, isAdd: derived('true to make it, false to remove it') }),
    'it can choose a number, which items name',
  ),
  uses(BridgeFlags, {
    bdId: item('id'),
    isSet: derived('true for what is on, false for what is off'),
    flags: derived(
      'from `flood`, `unknownUnicastFlood`, `forward`, `learn`, `arpTermination`, `arpUnicastForward`',
    ),
  }),
  uses(BridgeDomainSetMacAge, { bdId: item('id'), macAge: item('macAge') }),
  dump,
  details,
]

/** Messages of members of bridge domains. */
export const BRIDGE_MEMBER_MESSAGES = [
  uses(SwInterfaceSetL2Bridge, {
    rxSwIfIndex: indexOf('members[].interface'),
    bdId: item('id'),
    portType: item('members[].bvi'),
    shg: item('members[].splitHorizonGroup'),
    enable: derived('true to join, false to leave'),
  }),
  dump,
  details,
]
