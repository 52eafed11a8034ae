import { FibClient } from '@vpp-ts/binapi-fib'
import { IpClient } from '@vpp-ts/binapi-ip'
import { VppConnection } from '@vpp-ts/runtime'
import { pooled } from '../model/pooled.ts'

/** What `vpp-ts-agent routes` is to do. */
export interface RoutesOptions {
  /** Path of VPP's API socket. */
  readonly socket: string
  readonly count: number
  /** First address of the prefixes, each a /32. */
  readonly first: string
  /** Leave the routes in VPP. */
  readonly keep: boolean
}

/** How fast it went. */
export interface RoutesReport {
  readonly count: number
  /** Milliseconds until VPP had answered every one. */
  readonly duration: number
  readonly routesPerSecond: number
}

/** `FIB_API_PATH_TYPE_DROP` */
const DROP = 2
/** "No interface" */
const NONE = 0xffff_ffff

/**
 * Programs routes that drop, as fast as VPP takes them, and removes them again.
 * @throws VppError
 */
export async function programRoutes(options: RoutesOptions): Promise<RoutesReport> {
  const { socket, count, first, keep } = options
  await using connection = await VppConnection.connect(socket, { clientName: 'vpp-ts-agent routes' })
  const ip = new IpClient(connection)
  const src = await apiSource(new FibClient(connection))
  const base = first.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0)
  const prefixes = Array.from({ length: count }, (_, i) => `${ip4Of(base + i)}/32`)
  const paths = [{ type: DROP, swIfIndex: NONE, weight: 1 }]
  const started = performance.now()
  await pooled(prefixes, async (prefix) => {
    await ip.ipRouteAddDelV2({ isAdd: true, route: { prefix, src, paths } })
  })
  const duration = performance.now() - started
  if (!keep) {
    await pooled(prefixes, async (prefix) => {
      await ip.ipRouteAddDelV2({ isAdd: false, route: { prefix, src } })
    })
  }
  return { count, duration, routesPerSecond: Math.round((count / duration) * 1000) }
}

/** Number of VPP's own source for routes of API clients. */
async function apiSource(fib: FibClient): Promise<number> {
  const sources = await fib.fibSourceDump().toArray()
  return sources.find(({ src }) => src.name === 'API')?.src.id ?? 0
}

function ip4Of(bits: number): string {
  return [bits >>> 24, (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255].join('.')
}
