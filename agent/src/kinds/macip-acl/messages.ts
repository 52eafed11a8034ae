import {
  MacipAclAddReplace,
  MacipAclDel,
  MacipAclDetails,
  MacipAclDump,
  MacipAclInterfaceAddDel,
  MacipAclInterfaceListDetails,
  MacipAclInterfaceListDump,
} from '@vpp-ts/binapi-acl'
import { derived, indexOf, item, uses } from '../uses.ts'

const list = {
  aclIndex: derived('index of `name`'),
  tag: derived('mark and `name`'),
  r: {
    isPermit: item('rules[].action'),
    srcMac: item('rules[].mac'),
    srcMacMask: item('rules[].macMask'),
    srcPrefix: item('rules[].source'),
  },
}

/** Messages of access lists of MAC and IP addresses. */
export const MACIP_ACL_MESSAGES = [
  uses(MacipAclAddReplace, list),
  uses(MacipAclDel, { aclIndex: derived('index of `name`') }),
  uses(MacipAclDump, { aclIndex: derived('all access lists') }),
  uses(MacipAclDetails, list),
]

/** Messages that bind them to interfaces. */
export const MACIP_BINDING_MESSAGES = [
  uses(MacipAclInterfaceAddDel, {
    isAdd: derived('true to bind it, false to unbind it'),
    swIfIndex: indexOf('interfaces[]'),
    aclIndex: derived('index of `name`'),
  }),
  uses(MacipAclInterfaceListDump, { swIfIndex: derived('all interfaces') }),
  uses(MacipAclInterfaceListDetails, {
    swIfIndex: indexOf('interfaces[]'),
    acls: derived('index of `name`'),
  }),
]
