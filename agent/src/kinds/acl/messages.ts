import {
  AclAddReplace,
  AclDel,
  AclDetails,
  AclDump,
  AclInterfaceListDetails,
  AclInterfaceListDump,
  AclInterfaceSetAclList,
} from '@vpp-ts/binapi-acl'
import { derived, indexOf, item, uses } from '../uses.ts'

const rule = {
  isPermit: item('rules[].action'),
  srcPrefix: item('rules[].source'),
  dstPrefix: item('rules[].destination'),
  proto: item('rules[].protocol'),
  srcportOrIcmptypeFirst: item('rules[].sourcePorts.first'),
  srcportOrIcmptypeLast: item('rules[].sourcePorts.last'),
  dstportOrIcmpcodeFirst: item('rules[].destinationPorts.first'),
  dstportOrIcmpcodeLast: item('rules[].destinationPorts.last'),
  tcpFlagsMask: item('rules[].tcpFlags.mask'),
  tcpFlagsValue: item('rules[].tcpFlags.value'),
}

const list = {
  aclIndex: derived('index of `name`'),
  tag: derived('mark and `name`'),
  r: rule,
}

/** Messages of access lists. */
export const ACL_MESSAGES = [
  uses(AclAddReplace, list),
  uses(AclDel, { aclIndex: derived('index of `name`') }),
  uses(AclDump, { aclIndex: derived('all access lists') }),
  uses(AclDetails, list),
]

const bound = {
  swIfIndex: indexOf('ingress[]` or `egress[]'),
  nInput: derived('the number of incoming lists'),
  acls: derived('indexes of the lists; foreign lists keep their place at the front'),
}

/** Messages that bind access lists to interfaces. */
export const ACL_BINDING_MESSAGES = [
  uses(AclInterfaceSetAclList, bound),
  uses(AclInterfaceListDump, { swIfIndex: derived('all interfaces') }),
  uses(AclInterfaceListDetails, bound),
]
