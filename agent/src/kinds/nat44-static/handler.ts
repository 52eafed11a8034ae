import { VppApiError } from '@vpp-ts/runtime'
import { ifAvailable } from '../available.ts'
import { NONE, type Handler, type Vpp } from '../handler.ts'
import { MARK } from '../mark.ts'
import type { Nat44StaticValue } from '../object.ts'

const NUMBERS = { any: 0, icmp: 1, tcp: 6, udp: 17 } as const
/** `NAT_IS_ADDR_ONLY` */
const ADDRESS_ONLY = 8
/** VPP's answer when NAT44 is on already. */
const FEATURE_ALREADY_ENABLED = -170

function protocolOf(number: number): Nat44StaticValue['protocol'] | undefined {
  const names = Object.keys(NUMBERS) as Nat44StaticValue['protocol'][]
  return names.find((name) => NUMBERS[name] === number)
}

/** Static mappings of NAT44, marked by their tag. The agent turns NAT44 on when it needs it, and never off. */
export const nat44Static: Handler<'nat44-static'> = {
  async look({ clients }) {
    const details = await ifAvailable(() => clients.nat44.nat44StaticMappingDump().toArray())
    return details.flatMap((it) => {
      const protocol = (it.flags & ADDRESS_ONLY) === 0 ? protocolOf(it.protocol) : 'any'
      if (protocol === undefined || it.externalSwIfIndex !== NONE) return []
      const value: Nat44StaticValue = {
        protocol,
        localAddress: String(it.localIpAddress),
        localPort: it.localPort,
        externalAddress: String(it.externalIpAddress),
        externalPort: it.externalPort,
        table: it.vrfId,
      }
      const key = `${protocol}/${value.externalAddress}/${value.externalPort}/${value.table}`
      return [{ kind: 'nat44-static' as const, key, owned: it.tag === MARK, value, refs: [] }]
    })
  },

  async create(vpp, { value }) {
    try {
      await vpp.clients.nat44.nat44EdPluginEnableDisable({ enable: true })
    } catch (error) {
      if (!(error instanceof VppApiError && error.retval === FEATURE_ALREADY_ENABLED)) throw error
    }
    await addDel(vpp, value, true)
    return undefined
  },

  remove(vpp, { value }) {
    return addDel(vpp, value, false)
  },
}

async function addDel({ clients }: Vpp, value: Nat44StaticValue, isAdd: boolean): Promise<void> {
  const { protocol, localAddress, localPort, externalAddress, externalPort, table } = value
  await clients.nat44.nat44AddDelStaticMappingV2({
    isAdd,
    flags: protocol === 'any' ? ADDRESS_ONLY : 0,
    localIpAddress: localAddress,
    externalIpAddress: externalAddress,
    protocol: NUMBERS[protocol],
    localPort,
    externalPort,
    externalSwIfIndex: NONE,
    vrfId: table,
    tag: MARK,
  })
}
