import { DnsClient } from '@vpp-ts/binapi-dns'
import { VlibClient } from '@vpp-ts/binapi-vlib'
import { VppApiError } from '@vpp-ts/runtime'
import { addressBytes, familyOf } from '../../model/ip.ts'
import { unlessRefused } from '../available.ts'
import { describe, type Actual, type ObjectDescriptor, type Vpp, type WantedView } from '../descriptor.ts'
import { ForeignError } from '../foreign-error.ts'
import { DNS_MESSAGES, DNS_SERVER_MESSAGES } from './messages.ts'
import { dnsSchema, type DnsInput, type DnsItem } from './schema.ts'

interface DnsValue {
  /** Those of the item; of actual ones, those that the agent may have added. */
  readonly servers: readonly string[]
}

interface DnsServerValue {
  readonly address: string
}

/** Key of the one item and its object. */
const DNS = 'dns'
const ITEM = { kind: 'dns', key: DNS }
const NAME_SERVER_NOT_FOUND = -135
const THEIRS = 'another client has turned name resolution on'
/** What VPP's command says of a cache that is on. */
const ON = /^(The DNS cache is empty|DNS cache contains)/m

/** Whether VPP resolves names. What it asks by is told by nothing that can be asked safely. */
const dnsObject: ObjectDescriptor<DnsValue> = {
  kind: 'dns',
  messages: DNS_MESSAGES,
  plugin: () => 'dns',
  leaf: true,
  itemsOf: () => [ITEM],
  dependsOn: ({ servers }) => servers.map((address) => `dns-server ${address}`),
  recorded: () => true,
  untold: true,

  async look(vpp, wanted) {
    if (!(await isOn(vpp))) return []
    const foreign = !(wanted.made('dns', DNS) ?? wanted.owns(ITEM))
    return [{ kind: 'dns', key: DNS, foreign, value: { servers: ownServers(wanted) } }]
  },

  async create(vpp) {
    // VPP would report success, and it would be unknown who turned it on.
    if (await isOn(vpp)) throw new ForeignError(THEIRS)
    await turn(vpp, true)
    return undefined
  },

  // Servers are objects of their own: this one only comes between those that are added and those that are removed.
  update: () => Promise.resolve(),

  remove: (vpp) => turn(vpp, false),
}

/**
 * Servers that VPP asks. VPP does not report them: those that the agent has recorded are taken to be there while name
 * resolution is on, for it is off after a restart. To add one again has no effect.
 */
const dnsServer: ObjectDescriptor<DnsServerValue> = {
  kind: 'dns-server',
  messages: DNS_SERVER_MESSAGES,
  plugin: () => 'dns',
  itemsOf: () => [ITEM],
  dependsOn: () => [],
  lookAfter: ['dns'],
  recorded: () => true,
  untold: true,
  async look(vpp, wanted) {
    const on = vpp.get('dns', DNS)
    const foreign = on === undefined ? await isOn(vpp) : on.foreign === true
    // What another client asks by is not told: all of it is taken to be theirs.
    const found = foreign ? declaredServers(wanted) : ownServers(wanted)
    // What is not wanted any more may be there though it is off.
    const there = found.filter(
      (address) => foreign || on !== undefined || wanted.desired('dns-server', address) === undefined,
    )
    return there.map((address): Actual<DnsServerValue> => ({
      kind: 'dns-server',
      key: address,
      foreign,
      value: { address },
    }))
  },

  async create(vpp, { value }) {
    const own = vpp.get('dns', DNS)
    if ((own === undefined || own.foreign === true) && (await isOn(vpp))) throw new ForeignError(THEIRS)
    await addDel(vpp, value, true)
    return undefined
  },

  async remove(vpp, { value }) {
    try {
      await addDel(vpp, value, false)
    } catch (error) {
      if (!(error instanceof VppApiError && error.retval === NAME_SERVER_NOT_FOUND)) throw error
    }
  },
}

/** Servers of items that are, or were, declared. */
function declaredServers(wanted: WantedView): string[] {
  const all = [...wanted.items<DnsItem>('dns'), ...wanted.gone<DnsItem>('dns')]
  return [...new Set(all.flatMap((it) => it.servers))].sort()
}

/** Those of them that the agent has added. */
function ownServers(wanted: WantedView): string[] {
  return declaredServers(wanted).filter((address) => wanted.made('dns-server', address) ?? true)
}

async function isOn(vpp: Vpp): Promise<boolean> {
  const text = await unlessRefused(() => vpp.client(VlibClient).cliInband({ cmd: 'show dns cache' }))
  return text !== undefined && ON.test(text.reply)
}

async function turn(vpp: Vpp, isOn: boolean): Promise<void> {
  await vpp.client(DnsClient).dnsEnableDisable({ enable: Number(isOn) })
}

async function addDel(vpp: Vpp, { address }: DnsServerValue, isAdd: boolean): Promise<void> {
  const serverAddress = new Uint8Array(16)
  serverAddress.set(addressBytes(address))
  const isIp6 = Number(familyOf(address) === 6)
  await vpp.client(DnsClient).dnsNameServerAddDel({ isIp6, isAdd: Number(isAdd), serverAddress })
}

/** Answers to DNS. */
export const dns = describe<DnsItem, 'dns'>({
  kind: 'dns',
  schema: dnsSchema,
  keyOf: () => DNS,
  collection: {
    path: 'dns',
    key: DNS,
    expected: DNS,
    keyOfPath: (text) => (text === DNS ? text : undefined),
    fieldsOf: () => ({}),
  },
  unmarked: true,
  objects: [dnsObject, dnsServer],
  *dump(vpp) {
    if (vpp.get('dns', DNS) === undefined) return
    const item = vpp.declared<DnsItem>(ITEM)
    if (item === undefined) vpp.leaveOut(ITEM, 'VPP does not tell which servers it asks')
    else yield { kind: 'dns', servers: [...item.servers] } satisfies DnsInput
  },
  *decompose({ servers }) {
    for (const address of servers) {
      yield { kind: 'dns-server', key: address, value: { address } satisfies DnsServerValue }
    }
    yield { kind: 'dns', key: DNS, value: { servers } satisfies DnsValue }
  },
})
