import { AbfClient, type AbfItfAttach } from '@vpp-ts/binapi-abf'
import type { Family } from '../../model/ip.ts'
import { ifAvailable } from '../available.ts'
import { interfaceId, type ObjectDescriptor, type Vpp } from '../descriptor.ts'
import { MissingError } from '../missing-error.ts'
import { lostSetting, type Setting } from '../setting.ts'
import { ABF_ATTACHMENT_MESSAGES } from './messages.ts'
import { policiesOf } from './policy.ts'

/** A policy on an interface. */
export interface AbfAttachmentValue extends Setting {
  readonly policy: number
  readonly family: Family
  readonly priority: number
}

/** Policies on interfaces. Those of the agent's policies are all the agent's. */
export const abfAttachment: ObjectDescriptor<AbfAttachmentValue> = {
  kind: 'abf-attachment',
  messages: ABF_ATTACHMENT_MESSAGES,
  plugin: () => 'abf',
  leaf: true,
  itemsOf: ({ value }) => [{ kind: 'abf', key: String(value.policy) }],
  dependsOn: ({ interface: name, policy }) => [interfaceId(name), `abf ${policy}`],
  lookAfter: ['interface', 'abf'],
  lost: lostSetting,

  async look(vpp) {
    return (await attachmentsOf(vpp)).map(({ policyId: policy, swIfIndex, priority, isIpv6 }) => {
      const name = vpp.interfaceName(swIfIndex)
      const foreign =
        vpp.get('abf', String(policy))?.foreign !== false || vpp.get('interface', name) === undefined
      const value: AbfAttachmentValue = { interface: name, policy, family: isIpv6 ? 6 : 4, priority }
      return { kind: 'abf-attachment', key: `${policy}/${name}`, foreign, value }
    })
  },

  async create(vpp, { value }) {
    const { policy: policyId, family, priority } = value
    // VPP crashes of a policy that is not there.
    const isThere = (await policiesOf(vpp)).some((it) => it.policyId === policyId)
    if (!isThere) throw new MissingError('abf', String(policyId))
    // The interface has the index of one that was deleted with the policy on it.
    await detach(vpp, value)
    const swIfIndex = vpp.indexOf('interface', value.interface)
    const attach = { policyId, swIfIndex, priority, isIpv6: family === 6 }
    await vpp.client(AbfClient).abfItfAttachAddDel({ isAdd: true, attach })
    return undefined
  },

  remove: (vpp, { value }) => detach(vpp, value),
}

async function attachmentsOf(vpp: Vpp): Promise<AbfItfAttach[]> {
  const details = await ifAvailable(() => vpp.client(AbfClient).abfItfAttachDump().toArray())
  return details.map(({ attach }) => attach)
}

/** Detaches a policy, using the family that VPP reports: with the other one it crashes. */
async function detach(vpp: Vpp, { policy, interface: name }: AbfAttachmentValue): Promise<void> {
  const index = vpp.indexOf('interface', name)
  const attach = (await attachmentsOf(vpp)).find((it) => it.policyId === policy && it.swIfIndex === index)
  if (attach !== undefined) await vpp.client(AbfClient).abfItfAttachAddDel({ isAdd: false, attach })
}
