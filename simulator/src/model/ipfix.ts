import { RetvalError } from '../errors.ts'
import type { Fib } from './fib.ts'
import { familyOf, parseAddress } from './prefix.ts'

/** The exporter of flows, by the names of the API. */
export interface IpfixExporter {
  readonly collectorAddress: string
  readonly collectorPort: number
  readonly srcAddress: string
  readonly vrfId: number
  readonly pathMtu: number
  readonly templateInterval: number
  readonly udpChecksum: boolean
}

const NONE = 0xffff_ffff
const NO_ADDRESS = '0.0.0.0'
const ANY_PORT = 0xffff
const PORT = 4739
const PATH_MTU = { smallest: 68, default: 512, largest: 1450 } as const
const TEMPLATE_INTERVAL = 20

/** The exporter that is always there, without a collector at first. */
export class Ipfix {
  /** Whether NAT reports its sessions. */
  nat = false
  readonly #fib: Fib
  #exporter: IpfixExporter = {
    collectorAddress: NO_ADDRESS,
    collectorPort: 0,
    srcAddress: NO_ADDRESS,
    vrfId: NONE,
    pathMtu: 0,
    templateInterval: 0,
    udpChecksum: false,
  }

  constructor(fib: Fib) {
    this.#fib = fib
  }

  get exporter(): IpfixExporter {
    return this.#exporter
  }

  /** @throws RetvalError -3 without the table, -7 for a source that does not fit the collector, and for a bad MTU */
  set(asked: IpfixExporter): void {
    const { srcAddress, vrfId, pathMtu, templateInterval, collectorPort, udpChecksum } = asked
    const collectorAddress = asIp4(asked.collectorAddress)
    if (vrfId !== NONE) this.#fib.table(4, vrfId)
    const mtu = pathMtu === NONE ? PATH_MTU.default : pathMtu
    const withoutSource = collectorAddress !== NO_ADDRESS && /^[0.:]+$/.test(srcAddress)
    if (withoutSource || familyOf(srcAddress) !== 4 || mtu > PATH_MTU.largest || mtu < PATH_MTU.smallest) {
      throw new RetvalError('INVALID_VALUE')
    }
    this.#exporter = {
      collectorAddress,
      collectorPort: collectorPort === ANY_PORT ? PORT : collectorPort,
      srcAddress,
      vrfId,
      pathMtu: mtu,
      templateInterval: templateInterval === NONE ? TEMPLATE_INTERVAL : templateInterval,
      udpChecksum,
    }
  }
}

/** VPP takes the first bytes of the collector's address for one of IPv4, whatever it is. */
function asIp4(address: string): string {
  return familyOf(address) === 4 ? address : parseAddress(address).subarray(0, 4).join('.')
}
