import { LcpClient, LcpItfHostType } from '@vpp-ts/binapi-lcp'
import { ifAvailable } from '../available.ts'
import { interfaceId, type Actual, type ObjectDescriptor, type Vpp } from '../descriptor.ts'
import { isConfigured } from './configured.ts'
import { deviceClaim } from './types.ts'
import { LINUX_CP_MESSAGES } from './messages.ts'
import type { InterfaceValue } from './value.ts'

/** A pair of linux-cp: the device in Linux that shows an interface of VPP. */
export interface LinuxCpValue {
  readonly interface: string
  /** Name of the interface that a sub-interface is part of: its pair comes first. */
  readonly parent: string | undefined
  readonly hostName: string
  readonly hostType: 'tap' | 'tun'
  /** Undefined: the default of linux-cp. */
  readonly namespace: string | undefined
}

const TYPES = {
  tap: LcpItfHostType.LCP_API_ITF_HOST_TAP,
  tun: LcpItfHostType.LCP_API_ITF_HOST_TUN,
} as const

/** Id of the pair of an interface. */
export function linuxCpId(name: string): string {
  return `linux-cp ${name}`
}

/**
 * Pairs of linux-cp. VPP keeps no mark on them, and linux-cp creates some itself, so the agent's are those that it has
 * written down.
 */
export const linuxCp: ObjectDescriptor<LinuxCpValue> = {
  kind: 'linux-cp',
  messages: LINUX_CP_MESSAGES,
  plugin: () => 'linux_cp',
  itemsOf: ({ value }) => [{ kind: 'interface', key: value.interface }],
  dependsOn({ interface: name, parent }) {
    return parent === undefined ? [interfaceId(name)] : [interfaceId(name), linuxCpId(parent)]
  },
  claims: ({ hostName, namespace }) => [deviceClaim(hostName, namespace)],
  lookAfter: ['interface'],
  goesWithInterface: true,
  recorded: () => true,
  usable: isSamePair,

  async look(vpp, wanted) {
    return (await ifAvailable(() => pairsOf(vpp))).map((it): Actual<LinuxCpValue> => {
      const name = vpp.interfaceName(it.phySwIfIndex)
      const on = vpp.get<InterfaceValue>('interface', name)
      const value: LinuxCpValue = {
        interface: name,
        parent: on?.value.parent,
        hostName: it.hostIfName,
        hostType: it.hostIfType === TYPES.tun ? 'tun' : 'tap',
        namespace: it.netns === '' ? undefined : it.netns,
      }
      const isMade = wanted.made('linux-cp', name) ?? wanted.desired('linux-cp', name) !== undefined
      const foreign = on === undefined || !isConfigured(on, wanted) || !isMade
      // By the index of what linux-cp has made in VPP for it.
      return { kind: 'linux-cp', key: name, foreign, index: it.hostSwIfIndex, value }
    })
  },

  compare: (wanted, has) => (isSamePair(wanted, has) ? 'same' : 'replace'),

  async create(vpp, { value }) {
    await addDel(vpp, value, true)
    return undefined
  },

  remove: (vpp, { value }) => addDel(vpp, value, false),
}

function isSamePair(wanted: LinuxCpValue, has: LinuxCpValue): boolean {
  const sameNamespace = wanted.namespace === undefined || wanted.namespace === has.namespace
  return wanted.hostName === has.hostName && wanted.hostType === has.hostType && sameNamespace
}

interface Pair {
  readonly phySwIfIndex: number
  readonly hostSwIfIndex: number
  readonly hostIfName: string
  readonly hostIfType: number
  readonly netns: string
}

async function pairsOf(vpp: Vpp): Promise<Pair[]> {
  return await vpp.client(LcpClient).lcpItfPairGet().toArray()
}

async function addDel(vpp: Vpp, value: LinuxCpValue, isAdd: boolean): Promise<void> {
  await vpp.client(LcpClient).lcpItfPairAddDelV2({
    isAdd,
    swIfIndex: vpp.indexOf('interface', value.interface),
    hostIfName: value.hostName,
    hostIfType: TYPES[value.hostType],
    netns: value.namespace ?? '',
  })
}
