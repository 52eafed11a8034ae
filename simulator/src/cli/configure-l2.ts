import { rewriteTags } from '../builtin/settings.ts'
import type { BridgeFeatures } from '../model/bridges.ts'
import { PORT_TYPE } from '../model/bridges.ts'
import { CliError } from './commands.ts'
import type { CliCommand } from './commands.ts'
import { Words, orSay } from './words.ts'

const BD_REFUSALS: Readonly<Record<number, string>> = {
  [-120]: 'bridge domain in use - remove members',
  [-6]: 'bridge domain ID does not exist',
  [-121]: 'bridge domain 0 can not be modified',
  [-122]: 'bridge domain ID exceed 16M limit',
}

const FEATURES: Readonly<Record<string, keyof BridgeFeatures>> = {
  flood: 'flood',
  'uu-flood': 'uuFlood',
  forward: 'forward',
  learn: 'learn',
  'arp-term': 'arpTerm',
  'arp-ufwd': 'arpUfwd',
}

const createBridge: CliCommand = (args, { model: { bridges } }) => {
  const words = new Words(args)
  const init = { flood: true, uuFlood: true, forward: true, learn: true, arpTerm: false, arpUfwd: false }
  let id: number | undefined
  let macAge = 0
  let tag = ''
  let isDelete = false
  while (!words.done) {
    const feature = Object.keys(FEATURES).find((name) => words.take(name))
    if (feature !== undefined) init[FEATURES[feature] as keyof BridgeFeatures] = words.number() !== 0
    else if (words.take('mac-age')) macAge = words.number()
    else if (words.take('bd-tag')) tag = words.next()
    else if (words.take('del')) isDelete = true
    else id = words.number()
  }
  if (id === undefined && isDelete) throw new CliError('bridge-domain-id not specified')
  if (id === 0) throw new CliError('bridge domain 0 can not be modified')
  if (macAge > 255) throw new CliError('mac age must be less than 256')
  return orSay(
    () => {
      if (!isDelete) return `bridge-domain ${bridges.add(id, { ...init, macAge, tag }).bdId}`
      bridges.delete(id as number)
      return ''
    },
    (retval) => BD_REFUSALS[retval] ?? `bd_add_del returned ${retval}`,
  )
}

function setFeature(feature: keyof BridgeFeatures): CliCommand {
  return (args, { model: { bridges } }) => {
    const words = new Words(args)
    const id = words.number()
    const on = !words.take('disable')
    orSay(() => bridges.setFeatures(id, { [feature]: on }), `No such bridge domain ${id}`)
    return ''
  }
}

const setMacAge: CliCommand = (args, { model: { bridges } }) => {
  const words = new Words(args)
  const [id, minutes] = [words.number(), words.number()]
  orSay(() => bridges.setMacAge(id, minutes), `No such bridge domain ${id}`)
  return ''
}

const setBridge: CliCommand = (args, run) => {
  const words = new Words(args)
  const { swIfIndex } = words.interface(run)
  const id = words.number()
  const portType = words.take('bvi')
    ? PORT_TYPE.BVI
    : words.take('uu-fwd')
      ? PORT_TYPE.UU_FWD
      : PORT_TYPE.NORMAL
  const shg = words.done ? 0 : words.number()
  orSay(
    () => run.model.bridges.join(swIfIndex, id, portType, shg),
    (retval) =>
      retval === -152 ? 'bridge-domain already has a bvi interface' : `invalid configuration or interface`,
  )
  return ''
}

const setCrossConnect: CliCommand = (args, run) => {
  const words = new Words(args)
  const [rx, tx] = [words.interface(run), words.interface(run, 'peer interface')]
  run.model.bridges.crossConnect(rx.swIfIndex, tx.swIfIndex)
  return ''
}

const setL3: CliCommand = (args, run) => {
  run.model.bridges.leave(new Words(args).interface(run).swIfIndex)
  return ''
}

const TRANSLATE: Readonly<Record<string, number>> = { '1-1': 5, '1-2': 6, '2-1': 7, '2-2': 8 }
const POP = 2
const PUSH = 0

const setTagRewrite: CliCommand = (args, run) => {
  const words = new Words(args)
  const { swIfIndex } = words.interface(run)
  let op = 0
  let tags: number[] = []
  let pushDot1q = 0
  if (words.take('pop')) op = POP + words.number()
  else if (!words.take('disable')) {
    const translate = words.take('translate')
    if (translate) op = TRANSLATE[words.next()] ?? 0
    else if (!words.take('push')) throw words.unknown()
    pushDot1q = words.take('dot1q') ? 1 : 0
    if (pushDot1q === 0) words.take('dot1ad')
    while (!words.done) tags = [...tags, words.number()]
    if (!translate) op = PUSH + tags.length
  }
  const [tag1 = 0, tag2 = 0] = tags
  orSay(
    () => rewriteTags(run.model.interfaces, swIfIndex, { op, pushDot1q, tag1, tag2 }),
    'vlan tag rewrite is not compatible with interface',
  )
  return ''
}

/** Commands about bridges. */
export const l2Commands: Readonly<Record<string, CliCommand>> = {
  'create bridge-domain': createBridge,
  'set bridge-domain learn': setFeature('learn'),
  'set bridge-domain forward': setFeature('forward'),
  'set bridge-domain flood': setFeature('flood'),
  'set bridge-domain uu-flood': setFeature('uuFlood'),
  'set bridge-domain arp term': setFeature('arpTerm'),
  'set bridge-domain arp-ufwd': setFeature('arpUfwd'),
  'set bridge-domain mac-age': setMacAge,
  'set interface l2 bridge': setBridge,
  'set interface l2 xconnect': setCrossConnect,
  'set interface l2 tag-rewrite': setTagRewrite,
  'set interface l3': setL3,
}
