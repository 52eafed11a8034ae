import {
  Nat44AddDelLbStaticMapping,
  Nat44LbStaticMappingAddDelLocal,
  Nat44LbStaticMappingDetails,
  Nat44LbStaticMappingDump,
} from '@vpp-ts/binapi-nat44-ed'
import { ifAvailable } from '../available.ts'
import { describe, type Actual, type ObjectDescriptor, type Vpp } from '../descriptor.ts'
import { MARK } from '../mark.ts'
import { addressId } from '../nat44/address.ts'
import { ED_FLAG, ed, pluginId } from '../nat44/mode.ts'
import { nat44Plugin, pluginFor } from '../nat44/plugin.ts'
import { numberOfProtocol, outsideClaim, protocolOf } from '../nat44/protocol.ts'
import { table, tableId, tablesFor } from '../table/object.ts'
import { derived, item, uses } from '../uses.ts'
import {
  type Nat44LoadBalancerInput,
  nameOf,
  nat44LoadBalancerSchema,
  type Nat44LoadBalancerItem,
} from './schema.ts'
import { brief } from '../brief.ts'

/** A mapping that balances load. */
type BalancerValue = Omit<Nat44LoadBalancerItem, 'kind'>
type Backend = BalancerValue['backends'][number]

function keyOf({ protocol, externalAddress, externalPort }: BalancerValue): string {
  return `${protocol}/${externalAddress}/${externalPort}`
}

/** VPP does not report the affinity, so it is in the tag. */
function tagOf({ affinity }: BalancerValue): string {
  return affinity === 0 ? MARK : `${MARK}/affinity/${affinity}`
}

function flagsOf({ twiceNat, outToInOnly }: BalancerValue): number {
  const twice = { no: 0, yes: ED_FLAG.twiceNat, self: ED_FLAG.selfTwiceNat }[twiceNat]
  return twice | (outToInOnly ? ED_FLAG.outToInOnly : 0)
}

const local = {
  addr: item('backends[].address'),
  port: item('backends[].port'),
  probability: item('backends[].weight'),
  vrfId: item('backends[].table'),
}
const outside = {
  externalAddr: item('externalAddress'),
  externalPort: item('externalPort'),
  protocol: item('protocol'),
}
const whole = {
  ...outside,
  flags: derived('from `twiceNat` and `outToInOnly`'),
  affinity: item('affinity'),
  tag: derived('the mark, and `affinity`, which VPP does not tell'),
  locals: local,
}
const isAdd = derived('true to make it, false to remove it')

/** Mappings that balance load, marked by their tag. Their servers come and go one by one. */
const balancer: ObjectDescriptor<BalancerValue> = {
  kind: 'nat44-load-balancer',
  messages: [
    uses(Nat44AddDelLbStaticMapping, { isAdd, ...whole }),
    uses(Nat44LbStaticMappingAddDelLocal, { isAdd, ...outside, local }),
    uses(Nat44LbStaticMappingDump, {}),
    uses(Nat44LbStaticMappingDetails, whole),
  ],
  plugin: () => 'nat',
  leaf: true,
  itemsOf: ({ key }) => [{ kind: 'nat44-load-balancer', key }],
  // Its address has to be in a pool, of whomever.
  dependsOn: ({ backends, outToInOnly, externalAddress }) => [
    pluginId('ed'),
    ...backends.flatMap((it) => tableId(4, it.table) ?? []),
    ...(outToInOnly ? [] : [addressId('ed', externalAddress)]),
  ],
  // VPP would take a mapping of the same local address over without a word, and it looks for all in table 0 first.
  claims({ protocol, externalAddress, externalPort, outToInOnly, backends }) {
    const locals = backends.flatMap(({ address, port, table: id }) =>
      [...new Set([0, id])].map((number) => `NAT44 of ${protocol} ${address}:${port} in table ${number}`),
    )
    const claim = outsideClaim('ed', protocol, externalAddress, externalPort)
    return outToInOnly ? [claim] : [claim, ...new Set(locals)]
  },
  composite: true,
  adoptable: true,

  async look(vpp, wanted) {
    const details = await ifAvailable(() => ed(vpp).nat44LbStaticMappingDump().toArray())
    return details.flatMap((it): Actual<BalancerValue>[] => {
      const protocol = protocolOf(it.protocol)
      if (protocol !== 'tcp' && protocol !== 'udp') return []
      const affinity = new RegExp(`^${MARK}/affinity/(\\d+)$`).exec(it.tag)?.[1]
      const backends = it.locals.map(({ addr, port, probability: weight, vrfId }): Backend => {
        return { address: String(addr), port, weight, table: vrfId }
      })
      const value: BalancerValue = {
        protocol,
        externalAddress: String(it.externalAddr),
        externalPort: it.externalPort,
        affinity: affinity === undefined ? 0 : Number(affinity),
        twiceNat: twiceNatOf(it.flags),
        outToInOnly: (it.flags & ED_FLAG.outToInOnly) !== 0,
        backends: backends.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
      }
      const key = keyOf(value)
      const foreign = it.tag !== tagOf(value) && wanted.made('nat44-load-balancer', key) !== true
      return [{ kind: 'nat44-load-balancer', key, foreign, value }]
    })
  },

  compare(wanted, has) {
    const fixed = wanted.affinity === has.affinity && flagsOf(wanted) === flagsOf(has)
    if (!fixed) return 'replace'
    return JSON.stringify(wanted.backends) === JSON.stringify(has.backends) ? 'same' : 'update'
  },

  async create(vpp, { value }) {
    await addDel(vpp, value, true)
    return undefined
  },

  // VPP keeps two servers at least, so what comes is first. A new weight takes the server out for a moment.
  async update(vpp, { value }, { value: has }) {
    const changed = value.backends.filter((it) =>
      has.backends.some((other) => nameOf(other) === nameOf(it) && other.weight !== it.weight),
    )
    const added = value.backends.filter((it) => !isAmong(it, has.backends))
    const gone = has.backends.filter((it) => !isAmong(it, value.backends))
    const stay = has.backends.length + added.length - gone.length
    if (changed.length > 0 && stay < 3) {
      await addDel(vpp, has, false)
      await addDel(vpp, value, true)
      return
    }
    for (const it of added) await addDelBackend(vpp, value, it, true)
    for (const it of gone) await addDelBackend(vpp, value, it, false)
    for (const it of changed) {
      await addDelBackend(vpp, value, it, false)
      await addDelBackend(vpp, value, it, true)
    }
  },

  remove: (vpp, { value }) => addDel(vpp, value, false),
}

function twiceNatOf(flags: number): BalancerValue['twiceNat'] {
  if ((flags & ED_FLAG.twiceNat) !== 0) return 'yes'
  return (flags & ED_FLAG.selfTwiceNat) === 0 ? 'no' : 'self'
}

/** Whether a list has a server, with whatever weight. */
function isAmong(backend: Backend, list: readonly Backend[]): boolean {
  return list.some((it) => nameOf(it) === nameOf(backend))
}

function localOf({ address, port, weight, table: vrfId }: Backend) {
  return { addr: address, port, probability: weight, vrfId }
}

async function addDel(vpp: Vpp, value: BalancerValue, on: boolean): Promise<void> {
  await ed(vpp).nat44AddDelLbStaticMapping({
    isAdd: on,
    externalAddr: value.externalAddress,
    externalPort: value.externalPort,
    protocol: numberOfProtocol(value.protocol),
    flags: flagsOf(value),
    affinity: value.affinity,
    tag: tagOf(value),
    locals: value.backends.map(localOf),
  })
}

async function addDelBackend(vpp: Vpp, value: BalancerValue, backend: Backend, on: boolean): Promise<void> {
  await ed(vpp).nat44LbStaticMappingAddDelLocal({
    isAdd: on,
    externalAddr: value.externalAddress,
    externalPort: value.externalPort,
    protocol: numberOfProtocol(value.protocol),
    local: localOf(backend),
  })
}

/** Mappings of NAT44 that balance load. */
export const nat44LoadBalancer = describe<Nat44LoadBalancerItem, 'nat44-load-balancer'>({
  kind: 'nat44-load-balancer',
  schema: nat44LoadBalancerSchema,
  keyOf,
  collection: {
    path: 'nat44-load-balancers',
    key: 'protocol/address/port of the outside',
    keyOfPath: (text) => text,
    fieldsOf(key) {
      const [protocol, externalAddress, port] = key.split('/')
      return { protocol, externalAddress, externalPort: Number(port) }
    },
  },
  objects: [table, nat44Plugin, balancer],
  *dump(vpp) {
    for (const { value } of vpp.of<BalancerValue>('nat44-load-balancer')) {
      const { externalAddress, externalPort, backends, ...rest } = value
      yield {
        kind: 'nat44-load-balancer',
        externalAddress,
        externalPort,
        ...brief(rest, { protocol: 'tcp', affinity: 0, twiceNat: 'no', outToInOnly: false }),
        backends: backends.map(({ address, port, weight, table: id }) => ({
          address,
          port,
          ...brief({ weight, table: id }, { weight: 1, table: 0 }),
        })),
      } satisfies Nat44LoadBalancerInput
    }
  },
  *decompose(it, key) {
    for (const { table: id } of it.backends) yield* tablesFor(id, [4])
    yield pluginFor('ed')
    const { protocol, externalAddress, externalPort, affinity, twiceNat, outToInOnly } = it
    const backends = it.backends.map(({ address, port, weight, table: id }) => ({
      address,
      port,
      weight,
      table: id,
    }))
    const ends = { protocol, externalAddress, externalPort }
    yield { kind: 'nat44-load-balancer', key, value: { ...ends, affinity, twiceNat, outToInOnly, backends } }
  },
})
