import { CliError, shortened } from './commands.ts'
import type { CliCommand } from './commands.ts'
import type { Family } from '../model/prefix.ts'
import { familyOf } from '../model/prefix.ts'
import { Words, orSay } from './words.ts'

const FAMILIES: readonly Family[] = [4, 6]

const setUnnumbered: CliCommand = (args, run) => {
  const words = new Words(args)
  const { interfaces } = run.model
  const isDelete = words.take('del')
  const borrower = words.maybeInterface(run)
  const lender = !isDelete && words.take('use') ? words.maybeInterface(run) : undefined
  if (borrower === undefined || (lender === undefined && !isDelete))
    throw new CliError(`parse error '${shortened(args)}'`)
  if (lender !== undefined && FAMILIES.some((it) => borrower.tableId[it] !== lender.tableId[it]))
    throw new CliError('When enabling unnumbered both interfaces must be in the same tables')
  interfaces.setUnnumbered(borrower.swIfIndex, lender?.swIfIndex)
  return ''
}

const setMpls: CliCommand = (args, run) => {
  const words = new Words(args)
  const { swIfIndex } = words.interface(run)
  const on = !words.take('disable') && words.take('enable')
  orSay(() => run.model.mpls.enable(swIfIndex, on), 'default MPLS table must be created first')
  return ''
}

const mplsTable: CliCommand = (args, { model: { mpls } }) => {
  const words = new Words(args)
  const isDelete = words.take('del')
  if (!isDelete) words.take('add')
  const id = words.number()
  if (isDelete) mpls.deleteTable(id)
  else mpls.addTable(id, '')
  return ''
}

function table(family: Family): CliCommand {
  return (args, { model }) => {
    const words = new Words(args)
    const isDelete = words.take('del')
    if (!isDelete) words.take('add')
    const id = words.number()
    if (isDelete) model.fib.deleteTable(family, id, 'cli')
    else model.fib.addTable(family, id, { owner: 'cli' })
    return ''
  }
}

function setTable(family: Family): CliCommand {
  return (args, run) => {
    const words = new Words(args)
    const it = words.interface(run)
    const id = words.number()
    if (run.model.fib.find(family, id) === undefined) throw new CliError(`no such table ${id}`)
    const used = it.unnumbered !== undefined || it.addresses.some((address) => familyOf(address) === family)
    if (used) throw new CliError(`IP addresses are still present on ${it.name}`)
    run.model.interfaces.setTable(it.swIfIndex, family, id)
    return ''
  }
}

const setTag: CliCommand = (args, run) => {
  const words = new Words(args)
  const { swIfIndex } = words.interface(run, 'input')
  run.model.interfaces.setTag(swIfIndex, words.next())
  return ''
}

const clearTag: CliCommand = (args, run) => {
  run.model.interfaces.setTag(new Words(args).interface(run, 'input').swIfIndex, '')
  return ''
}

const enableSflow: CliCommand = (args, run) => {
  const words = new Words(args)
  const { swIfIndex } = words.interface(run)
  const on = !words.take('disable')
  orSay(() => run.model.sflow.enable(swIfIndex, on), 'sflow_enable_disable returned -81')
  return ''
}

const memifSocket: CliCommand = (args, { model: { memifs } }) => {
  const words = new Words(args)
  let id: number | undefined
  let filename = ''
  while (!words.done) {
    if (words.take('id')) id = words.number()
    else if (words.take('filename')) filename = words.next()
    else throw words.unknown()
  }
  if (id === undefined || filename === '') throw new CliError('Invalid input')
  orSay(() => memifs.addSocket(id, filename), 'entry already exists')
  return ''
}

const createMemif: CliCommand = (args, { model: { memifs } }) => {
  const words = new Words(args)
  const init: {
    id: number
    socketId?: number
    role?: number
    mode?: number
    ringSize?: number
    bufferSize?: number
    rxQueues?: number
    txQueues?: number
    secret?: string
    mac?: string
  } = {
    id: 0,
  }
  while (!words.done) {
    if (words.take('id')) init.id = words.number()
    else if (words.take('socket-id')) init.socketId = words.number()
    else if (words.take('master')) init.role = 0
    else if (words.take('slave')) init.role = 1
    else if (words.take('mode')) init.mode = ['ethernet', 'ip', 'inject'].indexOf(words.next())
    else if (words.take('ring-size')) init.ringSize = words.number()
    else if (words.take('hw-addr')) init.mac = words.next()
    else if (words.take('buffer-size')) init.bufferSize = words.number()
    else if (words.take('rx-queues')) init.rxQueues = words.number()
    else if (words.take('tx-queues')) init.txQueues = words.number()
    else if (words.take('secret')) init.secret = words.next()
    else if (!words.take('no-zero-copy') && !words.take('use-dma')) throw words.unknown()
  }
  orSay(() => memifs.add(init), 'memif_create_if failed')
  return ''
}

const deleteMemif: CliCommand = (args, run) => {
  const { swIfIndex } = new Words(args).interface(run)
  orSay(() => run.model.memifs.delete(swIfIndex), 'not a memif interface')
  return ''
}

/** Commands about addresses, tables and features. */
export const ipCommands: Readonly<Record<string, CliCommand>> = {
  'set interface unnumbered': setUnnumbered,
  'set interface mpls': setMpls,
  'mpls table': mplsTable,
  'ip table': table(4),
  'ip6 table': table(6),
  'set interface ip table': setTable(4),
  'set interface ip6 table': setTable(6),
  'set interface tag': setTag,
  'clear interface tag': clearTag,
  'sflow enable-disable': enableSflow,
  'sflow enable': enableSflow,
  'sflow sampling-rate': (args, { model: { sflow } }) => {
    sflow.samplingRate = new Words(args).number()
    return ''
  },
  'sflow polling-interval': (args, { model: { sflow } }) => {
    sflow.pollingInterval = new Words(args).number()
    return ''
  },
  'sflow header-bytes': (args, { model: { sflow } }) => {
    sflow.headerBytes = new Words(args).number()
    return ''
  },
  'create memif socket': memifSocket,
  'create interface memif': createMemif,
  'delete interface memif': deleteMemif,
}
