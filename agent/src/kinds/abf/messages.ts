import {
  AbfItfAttachAddDel,
  AbfItfAttachDetails,
  AbfItfAttachDump,
  AbfPolicyAddDel,
  AbfPolicyDetails,
  AbfPolicyDump,
} from '@vpp-ts/binapi-abf'
import { ROUTE_PATH_USES } from '../route/messages.ts'
import { derived, indexOf, item, uses } from '../uses.ts'

const policy = { policyId: item('id'), aclIndex: derived('index of `acl`'), paths: ROUTE_PATH_USES }
const attach = {
  policyId: item('id'),
  swIfIndex: indexOf('interfaces[].interface'),
  priority: item('interfaces[].priority'),
  isIpv6: derived('`family`'),
}

/** Messages of policies of forwarding by access list. */
export const ABF_MESSAGES = [
  uses(AbfPolicyAddDel, { isAdd: derived('true to add paths, false to take them off'), policy }),
  uses(AbfPolicyDump, {}),
  uses(AbfPolicyDetails, { policy }),
]

/** Messages that put them on interfaces. */
export const ABF_ATTACHMENT_MESSAGES = [
  uses(AbfItfAttachAddDel, { isAdd: derived('true to make it, false to remove it'), attach }),
  uses(AbfItfAttachDump, {}),
  uses(AbfItfAttachDetails, { attach }),
]
