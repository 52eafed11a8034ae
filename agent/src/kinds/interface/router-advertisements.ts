import { IpClient } from '@vpp-ts/binapi-ip'
import { Ip6NdClient, type SwInterfaceIp6ndRaDetails } from '@vpp-ts/binapi-ip6-nd'
import { VppApiError } from '@vpp-ts/runtime'
import { canonicalPrefix } from '../../model/ip.ts'
import { ifAvailable } from '../available.ts'
import { NONE, interfaceId, type ObjectDescriptor, type Vpp } from '../descriptor.ts'
import { isOnAdopted, isOwnOn } from './owned.ts'
import type { RouterAdvertisements } from './schema.ts'
import { ADVERTISEMENT_MESSAGES } from './messages.ts'

/** "Value already exists": IPv6 is on. */
const VALUE_EXIST = -81

/** An advertised prefix. */
export interface AdvertisedPrefix {
  readonly prefix: string
  readonly validLifetime: number
  readonly preferredLifetime: number
  readonly autonomous: boolean
  readonly onLink: boolean
}

/** Router advertisements that VPP sends on an interface. */
export interface RouterAdvertisementsValue {
  readonly interface: string
  readonly managed: boolean
  readonly other: boolean
  readonly unicast: boolean
  readonly linkLayerAddress: boolean
  readonly maximumInterval: number
  readonly minimumInterval: number
  readonly lifetime: number
  /** Ordered by prefix. */
  readonly prefixes: readonly AdvertisedPrefix[]
}

/** The advertisements that an item asks for. */
export function advertisementsOf(name: string, it: RouterAdvertisements): RouterAdvertisementsValue {
  const { managed, other, unicast, linkLayerAddress, maximumInterval, prefixes } = it
  return {
    interface: name,
    managed,
    other,
    unicast,
    linkLayerAddress,
    maximumInterval,
    minimumInterval: it.minimumInterval ?? Math.max(3, Math.floor(maximumInterval * 0.75)),
    lifetime: it.lifetime ?? Math.min(9000, maximumInterval * 3),
    prefixes: inOrder(prefixes),
  }
}

/** Router advertisements of IPv6: an object is there while VPP sends them. */
export const routerAdvertisements: ObjectDescriptor<RouterAdvertisementsValue> = {
  kind: 'router-advertisements',
  messages: ADVERTISEMENT_MESSAGES,
  leaf: true,
  itemsOf: ({ value }) => [{ kind: 'interface', key: value.interface }],
  dependsOn: ({ interface: name }) => [interfaceId(name)],
  lookAfter: ['interface'],
  goesWithInterface: true,
  recorded: isOnAdopted,
  composite: true,

  async look(vpp, wanted) {
    const dump = (): Promise<SwInterfaceIp6ndRaDetails[]> =>
      vpp.client(Ip6NdClient).swInterfaceIp6ndRaDump({ swIfIndex: NONE }).toArray()
    const sending = (await ifAvailable(dump)).filter(({ sendRadv }) => sendRadv)
    return sending.map((it) => {
      const name = vpp.interfaceName(it.swIfIndex)
      const foreign = !isOwnOn(vpp, wanted, { interface: name, kind: 'router-advertisements', key: name })
      return { kind: 'router-advertisements', key: name, foreign, value: readAdvertisements(name, it) }
    })
  },

  async create(vpp, { value }) {
    await enableIp6(vpp, value.interface)
    await advertise(vpp, value)
    return undefined
  },

  async update(vpp, { value }, { value: has }) {
    await advertise(vpp, value)
    const stays = new Set(value.prefixes.map(({ prefix }) => prefix))
    await dropPrefixes(
      vpp,
      value.interface,
      has.prefixes.filter(({ prefix }) => !stays.has(prefix)),
    )
  },

  async remove(vpp, { value }) {
    const swIfIndex = vpp.indexOf('interface', value.interface)
    const client = vpp.client(Ip6NdClient)
    await client.swInterfaceIp6ndRaConfig({
      swIfIndex,
      isNo: true,
      managed: 1,
      other: 1,
      llOption: 1,
      sendUnicast: 1,
      defaultRouter: 1,
      maxInterval: 1,
      minInterval: 1,
    })
    await dropPrefixes(vpp, value.interface, value.prefixes)
    await client.swInterfaceIp6ndRaConfig({ swIfIndex, suppress: 1 })
  },
}

function readAdvertisements(name: string, it: SwInterfaceIp6ndRaDetails): RouterAdvertisementsValue {
  return {
    interface: name,
    managed: it.advManagedFlag,
    other: it.advOtherFlag,
    unicast: it.sendUnicast,
    linkLayerAddress: it.advLinkLayerAddress,
    maximumInterval: it.maxRadvInterval,
    minimumInterval: it.minRadvInterval,
    lifetime: it.advRouterLifetime,
    prefixes: inOrder(
      it.prefixes
        .filter(({ noAdvertise }) => !noAdvertise)
        .map(({ prefix, valLifetime, prefLifetime, autonomousFlag, onlinkFlag }) => ({
          prefix: canonicalPrefix(String(prefix)) ?? String(prefix),
          validLifetime: valLifetime,
          preferredLifetime: prefLifetime,
          autonomous: autonomousFlag,
          onLink: onlinkFlag,
        })),
    ),
  }
}

/** Prefixes in one order, with their fields in one. */
function inOrder(prefixes: readonly AdvertisedPrefix[]): readonly AdvertisedPrefix[] {
  return prefixes
    .map(({ prefix, validLifetime, preferredLifetime, autonomous, onLink }) => ({
      prefix,
      validLifetime,
      preferredLifetime,
      autonomous,
      onLink,
    }))
    .sort((a, b) => (a.prefix < b.prefix ? -1 : 1))
}

/** Turns IPv6 on, which an address does too. */
async function enableIp6(vpp: Vpp, name: string): Promise<void> {
  const request = { swIfIndex: vpp.indexOf('interface', name), enable: true }
  try {
    await vpp.client(IpClient).swInterfaceIp6EnableDisable(request)
  } catch (error) {
    if (!(error instanceof VppApiError && error.retval === VALUE_EXIST)) throw error
  }
}

/** VPP turns a flag on by one request and off by another one. */
async function advertise(vpp: Vpp, value: RouterAdvertisementsValue): Promise<void> {
  const client = vpp.client(Ip6NdClient)
  const swIfIndex = vpp.indexOf('interface', value.interface)
  const { managed, other, unicast, linkLayerAddress } = value
  await client.swInterfaceIp6ndRaConfig({
    swIfIndex,
    isNo: true,
    managed: Number(!managed),
    other: Number(!other),
    sendUnicast: Number(!unicast),
    llOption: Number(linkLayerAddress),
  })
  await client.swInterfaceIp6ndRaConfig({
    swIfIndex,
    isNo: false,
    managed: Number(managed),
    other: Number(other),
    sendUnicast: Number(unicast),
    llOption: Number(!linkLayerAddress),
    maxInterval: value.maximumInterval,
    minInterval: value.minimumInterval,
    defaultRouter: 1,
    lifetime: value.lifetime,
  })
  for (const it of value.prefixes) {
    await client.swInterfaceIp6ndRaPrefix({
      swIfIndex,
      prefix: it.prefix,
      valLifetime: it.validLifetime,
      prefLifetime: it.preferredLifetime,
      noAutoconfig: !it.autonomous,
      noOnlink: !it.onLink,
    })
  }
}

async function dropPrefixes(vpp: Vpp, name: string, prefixes: readonly AdvertisedPrefix[]): Promise<void> {
  const swIfIndex = vpp.indexOf('interface', name)
  for (const { prefix } of prefixes) {
    await vpp.client(Ip6NdClient).swInterfaceIp6ndRaPrefix({ swIfIndex, prefix, isNo: true })
  }
}
