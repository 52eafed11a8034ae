import { addAcl } from '../builtin/acl.ts'
import type { AclRule } from '../builtin/acl.ts'
import { NONE } from '../builtin/built-in.ts'
import { RetvalError } from '../errors.ts'
import type { AclSide } from '../model/acls.ts'
import { CliError } from './commands.ts'
import type { CliCommand } from './commands.ts'
import { Words, orSay } from './words.ts'

const ACTIONS: Readonly<Record<string, number>> = { deny: 0, permit: 1, 'permit+reflect': 2 }
const LAST_PORT = 0xffff

type Draft = { -readonly [K in keyof AclRule]: AclRule[K] }

function newRule(): Draft {
  return {
    isPermit: 1,
    srcPrefix: '0.0.0.0/0',
    dstPrefix: '0.0.0.0/0',
    proto: 0,
    srcportOrIcmptypeFirst: 0,
    srcportOrIcmptypeLast: LAST_PORT,
    dstportOrIcmpcodeFirst: 0,
    dstportOrIcmpcodeLast: LAST_PORT,
    tcpFlagsMask: 0,
    tcpFlagsValue: 0,
  }
}

/** `80`, or `80-90`. */
function ports(words: Words): [first: number, last: number] {
  const [first = '', last = first] = words.next().split('-')
  return [Number(first), Number(last)]
}

/** Reads one part of a rule. @returns false when the next word belongs to none */
function readRule(words: Words, rule: Draft): boolean {
  const action = Object.keys(ACTIONS).find((name) => words.take(name))
  if (action !== undefined) rule.isPermit = ACTIONS[action] as number
  else if (words.take('action')) rule.isPermit = words.number()
  else if (words.take('src')) rule.srcPrefix = words.next()
  else if (words.take('dst')) rule.dstPrefix = words.next()
  else if (words.take('sport')) [rule.srcportOrIcmptypeFirst, rule.srcportOrIcmptypeLast] = ports(words)
  else if (words.take('dport')) [rule.dstportOrIcmpcodeFirst, rule.dstportOrIcmpcodeLast] = ports(words)
  else if (words.take('proto')) rule.proto = words.number()
  else if (words.take('tcpflags')) {
    rule.tcpFlagsValue = words.number()
    words.take('mask')
    rule.tcpFlagsMask = words.number()
  } else return false
  return true
}

const setAcl: CliCommand = (args, { model: { acls } }) => {
  const words = new Words(args.flatMap((word) => word.split(/(,)/)).filter((word) => word !== ''))
  const rules: Draft[] = []
  let aclIndex = NONE
  let tag = 'cli'
  let rule: Draft | undefined
  while (!words.done) {
    if (words.take('index')) aclIndex = words.number()
    else if (words.take('tag')) tag = words.next()
    else if (words.take(',')) rules.push((rule = newRule()))
    else {
      if (rule === undefined) rules.push((rule = newRule()))
      // VPP takes what it has understood so far.
      if (!readRule(words, rule)) break
    }
  }
  return orSay(() => `ACL index:${addAcl(acls, { aclIndex, tag, r: rules })}`, 'failed')
}

const deleteAcl: CliCommand = (args, { model: { acls } }) => {
  const words = new Words(args)
  const aclIndex = words.take('index') ? words.number() : NONE
  orSay(() => acls.delete(aclIndex), 'failed')
  return `Deleted ACL index:${aclIndex}`
}

const setAclInterface: CliCommand = (args, run) => {
  const words = new Words(args)
  let swIfIndex: number | undefined
  let aclIndex: number | undefined
  let isAdd = true
  let side: AclSide = 'input'
  while (!words.done) {
    if (words.take('add')) isAdd = true
    else if (words.take('del')) isAdd = false
    else if (words.take('acl')) aclIndex = words.number()
    else if (words.take('input')) side = 'input'
    else if (words.take('output')) side = 'output'
    else if (swIfIndex === undefined) swIfIndex = words.maybeInterface(run)?.swIfIndex ?? NONE
    else break
    if (swIfIndex === NONE) break
  }
  if (swIfIndex === undefined || swIfIndex === NONE) throw new CliError('invalid interface')
  if (aclIndex === undefined) throw new CliError('invalid acl')
  const { acls } = run.model
  try {
    if (isAdd) acls.bindOne(swIfIndex, side, aclIndex)
    else acls.unbindOne(swIfIndex, side, aclIndex)
  } catch (error) {
    // VPP does not look at the outcome.
    if (!(error instanceof RetvalError)) throw error
  }
  return ''
}

const PROTOCOLS: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17 }
/** `NAT_IS_…` of the API. */
const MAPPING_FLAGS: Readonly<Record<string, number>> = {
  'twice-nat': 1,
  'self-twice-nat': 2,
  'out2in-only': 4,
}
const ADDRESS_ONLY = 8

const REFUSED_MAPPINGS: Readonly<Record<number, string>> = {
  [-126]: 'Plugin disabled.',
  [-6]: 'Mapping not exist.',
  [-81]: 'Mapping already exist.',
}

const addMapping: CliCommand = (args, run) => {
  const words = new Words(args)
  let [localIpAddress, externalIpAddress] = ['0.0.0.0', '0.0.0.0']
  let localPort: number | undefined
  let externalPort: number | undefined
  let [externalSwIfIndex, vrfId, protocol, flags, isAdd] = [NONE, NONE, 0, 0, true]
  while (!words.done) {
    const flag = Object.keys(MAPPING_FLAGS).find((name) => words.take(name))
    const proto = Object.keys(PROTOCOLS).find((name) => words.take(name))
    if (flag !== undefined) flags |= MAPPING_FLAGS[flag] as number
    else if (proto !== undefined) protocol = PROTOCOLS[proto] as number
    else if (words.take('local')) {
      localIpAddress = words.next()
      localPort = words.maybeNumber() ?? localPort
    } else if (words.take('external')) {
      const owner = words.maybeInterface(run)
      if (owner === undefined) externalIpAddress = words.next()
      else externalSwIfIndex = owner.swIfIndex
      externalPort = words.maybeNumber() ?? externalPort
    } else if (words.take('vrf')) vrfId = words.number()
    else if (words.take('del')) isAdd = false
    else throw new CliError(`unknown input: '${words.rest}'`)
  }
  if ((localPort === undefined) !== (externalPort === undefined))
    throw new CliError('Either both ports are set or none.')
  if (localPort === undefined) flags |= ADDRESS_ONLY
  const mapping = {
    flags,
    localIpAddress,
    externalIpAddress,
    protocol,
    localPort: localPort ?? 0,
    externalPort: externalPort ?? 0,
    externalSwIfIndex,
    vrfId,
    tag: '',
  }
  const { nat44 } = run.model
  try {
    if (isAdd) nat44.addMapping(mapping)
    else nat44.removeMapping(mapping)
  } catch (error) {
    if (!(error instanceof RetvalError)) throw error
    const text = REFUSED_MAPPINGS[error.retval]
    // Of other refusals VPP's command says nothing.
    if (text !== undefined) throw new CliError(text)
  }
  return ''
}

const nat44Plugin: CliCommand = (args, { model: { nat44 } }) => {
  const on = new Words(args).take('enable')
  orSay(() => nat44.setEnabled(on), on ? 'nat44 already enabled' : 'nat44 already disabled')
  return ''
}

const nat44Interface: CliCommand = (args, run) => {
  const words = new Words(args)
  const isDelete = args.includes('del')
  while (!words.done) {
    const flags = words.take('in') ? 0x20 : words.take('out') ? 0x10 : 0
    if (flags === 0 && words.take('del')) continue
    if (flags === 0) throw words.unknown()
    const { swIfIndex } = words.interface(run)
    orSay(() => run.model.nat44.setFeature(swIfIndex, flags === 0x20, !isDelete), 'nat44 is disabled')
  }
  return ''
}

const nat44Address: CliCommand = (args, { model: { nat44 } }) => {
  const words = new Words(args)
  const address = words.next()
  const isDelete = words.take('del')
  orSay(
    () => (isDelete ? nat44.removeAddress(address, false) : nat44.addAddress(address, false, NONE)),
    'NAT address already in use or nat44 is disabled',
  )
  return ''
}

/** Commands about access lists and NAT. */
export const serviceCommands: Readonly<Record<string, CliCommand>> = {
  // Settings of sessions, which are not modelled. It takes anything, so that failures of the commands below are not told.
  'set acl-plugin': () => '',
  'set acl-plugin acl': setAcl,
  'delete acl-plugin acl': deleteAcl,
  'set acl-plugin interface': setAclInterface,
  'nat44 plugin': nat44Plugin,
  'set interface nat44': nat44Interface,
  'nat44 add address': nat44Address,
  'nat44 add static mapping': addMapping,
}
