import type { TapInit } from '../model/taps.ts'
import type { BuiltIns } from './built-in.ts'
import { DONE, NONE, orRefuse } from './built-in.ts'

interface Create {
  readonly id: number
  readonly useRandomMac: boolean
  readonly macAddress: string
  readonly txRingSz: number
  readonly rxRingSz: number
  readonly hostMtuSet: boolean
  readonly hostMtuSize: number
  readonly hostMacAddr: string
  readonly hostIp4Prefix: string
  readonly hostIp6Prefix: string
  readonly tapFlags: number
  readonly hostIfNameSet: boolean
  readonly hostIfName: string
  readonly hostNamespace: string
  readonly hostBridge: string
  readonly tag: string
}

function initOf(request: Create): TapInit {
  const { id, useRandomMac, macAddress, txRingSz, rxRingSz, tag } = request
  const { hostMacAddr, hostIp4Prefix, hostIp6Prefix, tapFlags, hostNamespace, hostBridge } = request
  return {
    ...(id === NONE ? {} : { id }),
    mac: useRandomMac ? undefined : macAddress,
    txRingSz,
    rxRingSz,
    tag,
    host: {
      hostMacAddr,
      hostIp4Prefix,
      hostIp6Prefix,
      tapFlags,
      hostNamespace,
      hostBridge,
      ...(request.hostIfNameSet ? { hostIfName: request.hostIfName } : {}),
      ...(request.hostMtuSet ? { hostMtuSize: request.hostMtuSize } : {}),
    },
  }
}

const create: BuiltIns[string] = (request: Create, { model: { taps } }) =>
  orRefuse({ swIfIndex: NONE }, () => ({ swIfIndex: taps.add(initOf(request)).swIfIndex }))

/** Tap interfaces, without a tap on the host. */
export const tap: BuiltIns = {
  tap_create_v2: create,
  tap_create_v3: create,

  tap_delete_v2: ({ swIfIndex }: { swIfIndex: number }, { model: { taps } }) => {
    taps.delete(swIfIndex)
    return DONE
  },

  *sw_interface_tap_v2_dump(request: { swIfIndex: number }, { model: { taps, interfaces } }) {
    for (const { swIfIndex, id, txRingSz, rxRingSz, host } of taps) {
      if (request.swIfIndex !== NONE && request.swIfIndex !== swIfIndex) continue
      yield { swIfIndex, id, txRingSz, rxRingSz, devName: interfaces.get(swIfIndex).name, ...host }
    }
  },
}
