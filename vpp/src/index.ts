/**
 * What most programs need, from one package: the whole runtime, the clients of interfaces, IP, neighbours, the CLI and VPP
 * itself, and the enums that their requests take. Everything else of an API (message classes, other modules) is in its own
 * package, `@vpp-ts/binapi-NAME`.
 */
export * from '@vpp-ts/runtime'
export { InterfaceClient, SwInterfaceDetails, SwInterfaceEvent } from '@vpp-ts/binapi-interface'
export {
  Direction,
  IfStatusFlags,
  IfType,
  MtuProto,
  RxMode,
  SubIfFlags,
} from '@vpp-ts/binapi-interface-types'
export { IpAddressDetails, IpClient, IpRouteV2Details } from '@vpp-ts/binapi-ip'
export { AddressFamily, IpDscp, IpProto } from '@vpp-ts/binapi-ip-types'
export { FibPathFlags, FibPathNhProto, FibPathType } from '@vpp-ts/binapi-fib-types'
export {
  IpNeighborClient,
  IpNeighborDetails,
  IpNeighborEventV2,
  IpNeighborFlags,
} from '@vpp-ts/binapi-ip-neighbor'
export { VlibClient } from '@vpp-ts/binapi-vlib'
export { VpeClient } from '@vpp-ts/binapi-vpe'
