import { RETVAL, RetvalError } from '../errors.ts'
import { BOND_BALANCE, BOND_MODE } from '../model/bonds.ts'
import { addSub, addVlan } from '../model/interface-kinds.ts'
import { CliError } from './commands.ts'
import type { CliCommand, CliContext } from './commands.ts'
import { Words, orSay } from './words.ts'

const NONE = 0xffff_ffff
/** `SUB_IF_API_FLAG_…` */
const FLAG = {
  ONE_TAG: 2,
  TWO_TAGS: 4,
  DOT1AD: 8,
  EXACT_MATCH: 16,
  DEFAULT: 32,
  ANY_OUTER: 64,
  ANY_INNER: 128,
} as const

const BALANCES: Readonly<Record<string, number>> = {
  l2: BOND_BALANCE.L2,
  l34: BOND_BALANCE.L34,
  l23: BOND_BALANCE.L23,
}

const MODES: Readonly<Record<string, number>> = {
  'round-robin': BOND_MODE.ROUND_ROBIN,
  'active-backup': BOND_MODE.ACTIVE_BACKUP,
  xor: BOND_MODE.XOR,
  broadcast: BOND_MODE.BROADCAST,
  lacp: BOND_MODE.LACP,
}

const createBond: CliCommand = (args, { model: { bonds } }) => {
  const words = new Words(args)
  let mode: number | undefined
  let id: number | undefined
  let lb: number = BOND_BALANCE.L2
  let mac: string | undefined
  while (!words.done) {
    if (words.take('mode')) mode = MODES[words.next()]
    else if (words.take('load-balance')) lb = BALANCES[words.next()] ?? NONE
    else if (words.take('hw-addr')) mac = words.next()
    else if (words.take('id')) id = words.number()
    else if (!words.take('gso') && !words.take('numa-only')) throw words.unknown()
  }
  if (mode === undefined) throw new CliError('Missing bond mode')
  const init = { mode, lb, id, mac }
  try {
    return bonds.add(init).name
  } catch (error) {
    // VPP says nothing when the id is taken.
    if (error instanceof RetvalError && error.retval === RETVAL.INSTANCE_IN_USE) return ''
    throw error
  }
}

const deleteBond: CliCommand = (args, run) => {
  const { swIfIndex } = new Words(args).interface(run)
  orSay(() => run.model.bonds.delete(swIfIndex), 'not a bond interface')
  return ''
}

const addMember: CliCommand = (args, run) => {
  const words = new Words(args)
  const [bond, member] = [words.interface(run), words.interface(run)]
  const isPassive = words.take('passive')
  const isLongTimeout = words.take('long-timeout')
  orSay(
    () => run.model.bonds.addMember(bond.swIfIndex, member.swIfIndex, { isPassive, isLongTimeout }),
    (retval) => (retval === -81 ? 'interface was already added as member' : 'bond interface not found'),
  )
  return ''
}

const removeMember: CliCommand = (args, run) => {
  const { swIfIndex } = new Words(args).interface(run)
  orSay(() => run.model.bonds.detach(swIfIndex), 'interface was not a member')
  return ''
}

const createVxlan: CliCommand = (args, { model: { tunnels, interfaces } }) => {
  const words = new Words(args)
  const init = {
    srcAddress: '',
    dstAddress: '',
    srcPort: 0,
    dstPort: 0,
    mcastSwIfIndex: NONE,
    encapVrfId: 0,
    decapNextIndex: NONE,
    vni: 0,
    instance: undefined as number | undefined,
    isL3: false,
  }
  let isDelete = false
  while (!words.done) {
    if (words.take('src')) init.srcAddress = words.next()
    else if (words.take('dst')) init.dstAddress = words.next()
    else if (words.take('vni')) init.vni = words.number()
    else if (words.take('instance')) init.instance = words.number()
    else if (words.take('encap-vrf-id')) init.encapVrfId = words.number()
    else if (words.take('decap-next')) words.next()
    else if (words.take('src_port')) init.srcPort = words.number()
    else if (words.take('dst_port')) init.dstPort = words.number()
    else if (words.take('l3')) init.isL3 = true
    else if (words.take('del')) isDelete = true
    else throw words.unknown()
  }
  if (init.srcAddress === '') throw new CliError('tunnel src address not specified')
  if (init.dstAddress === '') throw new CliError('tunnel dst address not specified')
  return orSay(
    () => {
      if (!isDelete) return interfaces.get(tunnels.addVxlan(init).swIfIndex).name
      tunnels.deleteVxlan(init)
      return ''
    },
    (retval) =>
      ({
        [-75]: 'tunnel already exists...',
        [-6]: 'tunnel does not exist...',
        [-147]: 'Instance is in use',
        [-82]: 'src and dst addresses are identical',
      })[retval] ?? `vnet_vxlan_add_del_tunnel returned ${retval}`,
  )
}

const createTap: CliCommand = (args, { model: { taps } }) => {
  const words = new Words(args)
  const host: Record<string, string | number> = {}
  const init: { id?: number; mac?: string; rxRingSz?: number; txRingSz?: number; tag?: string } = {}
  while (!words.done) {
    if (words.take('id')) init.id = words.number()
    else if (words.take('host-if-name')) host['hostIfName'] = words.next()
    else if (words.take('host-ns')) host['hostNamespace'] = words.next()
    else if (words.take('host-mac-addr')) host['hostMacAddr'] = words.next()
    else if (words.take('host-bridge')) host['hostBridge'] = words.next()
    else if (words.take('host-ip4-addr')) host['hostIp4Prefix'] = words.next()
    else if (words.take('host-ip6-addr')) host['hostIp6Prefix'] = words.next()
    else if (words.take('host-mtu-size')) host['hostMtuSize'] = words.number()
    else if (words.take('rx-ring-size')) init.rxRingSz = words.number()
    else if (words.take('tx-ring-size')) init.txRingSz = words.number()
    else if (words.take('hw-addr')) init.mac = words.next()
    else if (words.take('tun') || words.take('gso') || words.take('no-gso')) continue
    else throw words.unknown()
  }
  return orSay(() => taps.add({ ...init, host }).name, 'tap create failed')
}

const deleteTap: CliCommand = (args, run) => {
  const words = new Words(args)
  const { swIfIndex } = words.take('sw_if_index') ? { swIfIndex: words.number() } : words.interface(run)
  orSay(() => run.model.taps.delete(swIfIndex), 'not a tap interface')
  return ''
}

function flagsFrom(words: Words): { flags: number; outerVlan: number; innerVlan: number } {
  if (words.take('default')) return { flags: FLAG.DEFAULT | FLAG.EXACT_MATCH, outerVlan: 0, innerVlan: 0 }
  let flags = 0
  let innerVlan = 0
  if (words.take('dot1ad')) flags |= FLAG.DOT1AD
  else if (!words.take('dot1q')) throw words.unknown()
  const outerVlan = words.take('any') ? 0 : words.number()
  if (outerVlan === 0) flags |= FLAG.ANY_OUTER
  if (words.take('inner-dot1q')) {
    innerVlan = words.take('any') ? 0 : words.number()
    flags |= FLAG.TWO_TAGS | (innerVlan === 0 ? FLAG.ANY_INNER : 0)
  } else flags |= FLAG.ONE_TAG
  if (words.take('exact-match')) flags |= FLAG.EXACT_MATCH
  return { flags, outerVlan, innerVlan }
}

const createSub: CliCommand = (args, run) => {
  const words = new Words(args)
  const { supSwIfIndex } = words.interface(run)
  const id = words.number()
  const { interfaces } = run.model
  // VPP passes over what is there already without a word.
  for (const it of interfaces.subsOf(supSwIfIndex)) if (it.sub?.id === id) return ''
  const how = words.done ? undefined : flagsFrom(words)
  return orSay(() => {
    if (how === undefined) return addVlan(interfaces, supSwIfIndex, id).name
    return addSub(interfaces, supSwIfIndex, { id, ...how }).name
  })
}

const deleteSub: CliCommand = (args, run) => {
  const it = new Words(args).interface(run)
  if (it.sub === undefined) throw new CliError('delete_subinterface_interface failed')
  run.model.interfaces.delete(it.swIfIndex)
  return ''
}

const createLcp: CliCommand = (args, run) => {
  const words = new Words(args)
  const { swIfIndex } = words.interface(run)
  let name = ''
  let netns: string | undefined
  while (!words.done) {
    if (words.take('host-if')) name = words.next()
    else if (words.take('netns')) netns = words.next()
    else if (!words.take('tun')) throw words.unknown()
  }
  orSay(
    () => run.model.lcp.add(swIfIndex, name, 0, netns),
    (retval) => `linux-cp pair creation failed (${retval})`,
  )
  return ''
}

const deleteLcp: CliCommand = (args, run) => {
  const { swIfIndex } = new Words(args).interface(run)
  orSay(
    () => run.model.lcp.delete(swIfIndex),
    (retval) => `linux-cp pair deletion failed (${retval})`,
  )
  return ''
}

const showLcp: CliCommand = (_args, { model: { lcp, interfaces } }: CliContext) => {
  const ns = lcp.defaultNetns === '' ? '<unset>' : lcp.defaultNetns
  const rows = [...lcp].map((it) => {
    const [phy, host] = [interfaces.get(it.phySwIfIndex).name, interfaces.get(it.hostSwIfIndex).name]
    const kind = it.hostIfType === 0 ? 'tap' : 'tun'
    const netns = it.netns === '' ? '' : ` netns ${it.netns}`
    return `itf-pair: [${it.phySwIfIndex}] ${phy} ${host} ${it.hostIfName} ${it.vifIndex} type ${kind}${netns}`
  })
  return [`lcp default netns '${ns}'`, ...rows, ''].join('\n')
}

/** Commands about interfaces that are made of others. */
export const linkCommands: Readonly<Record<string, CliCommand>> = {
  'create bond': createBond,
  'delete bond': deleteBond,
  'bond add': addMember,
  'bond del': removeMember,
  'create vxlan tunnel': createVxlan,
  'create tap': createTap,
  'delete tap': deleteTap,
  'create sub-interfaces': createSub,
  'delete sub-interface': deleteSub,
  'lcp create': createLcp,
  'lcp delete': deleteLcp,
  'show lcp': showLcp,
}
