import { RetvalError } from '../errors.ts'
import { addAddress, conflictOf, removeAddress } from '../model/addresses.ts'
import { SOURCE } from '../model/fib-sources.ts'
import { addLoopback } from '../model/interface-kinds.ts'
import type { Interface } from '../model/interfaces.ts'
import { familyOf, parsePrefix } from '../model/prefix.ts'
import { makePath } from '../model/route.ts'
import type { Path } from '../model/route.ts'
import { CliError, shortened, unknownInput } from './commands.ts'
import type { CliCommand, CliContext } from './commands.ts'

function interfaceOf(args: readonly string[], { model: { interfaces } }: CliContext): Interface {
  const found = interfaces.byName(args[0] ?? '')
  if (found === undefined) throw new CliError(`unknown interface \`${shortened(args)}'`)
  return found
}

/** Turns a refusal of the model into what a command prints. */
function orSay<T>(message: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    throw error instanceof RetvalError ? new CliError(message) : error
  }
}

const setState: CliCommand = (args, run) => {
  const { swIfIndex } = interfaceOf(args, run)
  const [, state, ...rest] = args
  if (state !== 'up' && state !== 'down')
    throw new CliError(`unknown flags \`${shortened([state ?? '', ...rest])}'`)
  run.model.interfaces.setAdminUp(swIfIndex, state === 'up')
  return ''
}

/** What VPP says to an address that clashes with another one. */
function conflictText({ model: { interfaces } }: CliContext, name: string, text: string): string {
  const owner = interfaces.byName(name)
  const prefix = parsePrefix(text)
  const other = owner === undefined ? undefined : conflictOf(interfaces, owner, prefix)
  if (other === undefined) return `failed to set ${text} on ${name}`
  const where = prefix.family === 4 ? ` on ${name}` : ''
  const { name: otherName } = interfaces.get(other.swIfIndex)
  return `failed to add ${text}${where} which conflicts with ${other.address} for interface ${otherName}`
}

const setAddress: CliCommand = (args, run) => {
  const words = args.filter((word) => word !== 'del' && word !== 'add')
  const { swIfIndex, name } = interfaceOf(words, run)
  const [, prefix = ''] = words
  const change = args.includes('del') ? removeAddress : addAddress
  orSay(`expected IP4/IP6 address/length \`${prefix}'`, () => parsePrefix(prefix))
  const refusal = args.includes('del')
    ? `${prefix} not found for interface ${name}`
    : conflictText(run, name, prefix)
  orSay(refusal, () => change(run.model.interfaces, swIfIndex, prefix))
  return ''
}

/** Without a word for the layer, the largest packet of the link. */
const setMtu: CliCommand = (args, run) => {
  const ofLink = !args.includes('packet')
  const [mtu, ...rest] = args.filter((word) => word !== 'packet')
  const it = run.model.interfaces.byName(rest[0] ?? '')
  if (it === undefined) throw unknownInput(args)
  const { swIfIndex } = it
  if (ofLink) setLinkMtu(run, swIfIndex, Number(mtu))
  else run.model.interfaces.setMtu(swIfIndex, [Number(mtu)])
  return ''
}

const UNSUPPORTED_MTU = "Unsupported (underlying driver doesn't support changing Max Frame Size)"

function setLinkMtu({ model: { interfaces } }: CliContext, swIfIndex: number, mtu: number): void {
  const fixed = interfaces.get(swIfIndex).mac !== ''
  orSay(fixed ? UNSUPPORTED_MTU : 'not supported', () => interfaces.setLinkMtu(swIfIndex, mtu))
}

const setMac: CliCommand = (args, run) => {
  const it = interfaceOf(args, run)
  run.model.interfaces.setMac(it.swIfIndex, args[1] ?? it.mac)
  return ''
}

const createLoopback: CliCommand = (args, { model: { interfaces } }) => {
  const after = (word: string): string | undefined =>
    args.includes(word) ? args[args.indexOf(word) + 1] : undefined
  const instance = after('instance')
  const init = { mac: after('mac'), instance: instance === undefined ? undefined : Number(instance) }
  return orSay('vnet_create_loopback_interface failed', () => addLoopback(interfaces, init).name)
}

const deleteLoopback: CliCommand = (args, run) => {
  const found = run.model.interfaces.byName(args.at(-1) ?? '')
  if (found === undefined) throw new CliError('interface not specified')
  run.model.interfaces.delete(found.swIfIndex)
  return ''
}

/** Reads `ADDRESS`, `INTERFACE` or `ADDRESS INTERFACE`, or `drop`. */
function pathOf(words: readonly string[], run: CliContext): Path {
  const [first = '', second] = words
  if (first === 'drop') return makePath({ type: 2 })
  const isAddress = /^[\d.:a-f]+$/i.test(first) && /[.:]/.test(first)
  const name = isAddress ? second : first
  const found = name === undefined ? undefined : run.model.interfaces.byName(name)
  if (name !== undefined && found === undefined)
    throw new CliError(`parse error \`${shortened(['via', ...words])}'`)
  return makePath({
    ...(found === undefined ? {} : { swIfIndex: found.swIfIndex }),
    ...(isAddress ? { nextHop: first, proto: familyOf(first) === 4 ? 0 : 1 } : {}),
  })
}

const ipRoute: CliCommand = (args, run) => {
  const table = args.indexOf('table')
  const tableId = table < 0 ? 0 : Number(args[table + 1])
  const words = table < 0 ? args : args.filter((_, index) => index !== table && index !== table + 1)
  const [verb, prefix = ''] = words
  if (verb !== 'add' && verb !== 'del') throw unknownInput(args)
  const via = words.indexOf('via')
  const paths = via < 0 ? [] : [pathOf(words.slice(via + 1), run)]
  if (verb === 'add') run.model.fib.add(tableId, prefix, paths, { source: SOURCE.CLI, multipath: true })
  else run.model.fib.remove(tableId, prefix, paths, { source: SOURCE.CLI, multipath: paths.length > 0 })
  return ''
}

const setNeighbor: CliCommand = (args, run) => {
  const [name = '', ipAddress = '', macAddress = ''] = args
  const it = run.model.interfaces.byName(name)
  if (it === undefined) throw new CliError(`specify interface, IP address and MAC: \`${shortened(args)}'`)
  const { swIfIndex } = it
  try {
    run.model.neighbors.add({ swIfIndex, ipAddress, macAddress, flags: args.includes('static') ? 1 : 0 })
  } catch (error) {
    // VPP does not look at what comes of it.
    if (!(error instanceof RetvalError)) throw error
  }
  return ''
}

/** Commands that change something. */
export const configurationCommands: Readonly<Record<string, CliCommand>> = {
  'set interface state': setState,
  'set interface ip address': setAddress,
  'set interface mtu': setMtu,
  'set interface mac address': setMac,
  'create loopback interface': createLoopback,
  'delete loopback interface': deleteLoopback,
  'ip route': ipRoute,
  'set ip neighbor': setNeighbor,
  'ip neighbor': setNeighbor,
}
