import { IfStatusFlags, InterfaceClient, IpClient, type VppConnection } from '@vpp-ts/vpp'

/** What `setUp` has made. */
export interface Router {
  readonly swIfIndex: number
  readonly address: string
}

/** Makes a loopback interface, up and with an address. */
export async function setUp(vpp: VppConnection, address: string): Promise<Router> {
  const interfaces = new InterfaceClient(vpp)
  const { swIfIndex } = await interfaces.createLoopback()
  await interfaces.swInterfaceSetFlags({ swIfIndex, flags: IfStatusFlags.IF_STATUS_API_FLAG_ADMIN_UP })
  await interfaces.swInterfaceAddDelAddress({ isAdd: true, swIfIndex, prefix: address })
  return { swIfIndex, address }
}

/** Prefixes of the routes in VPP's IPv4 table 0. */
export async function prefixes(vpp: VppConnection): Promise<string[]> {
  const found: string[] = []
  for await (const { route } of new IpClient(vpp).ipRouteV2Dump({ table: { tableId: 0, isIp6: false } }))
    found.push(String(route.prefix))
  return found
}
