import type { SwBondInterfaceDetails } from '@vpp-ts/binapi-bond'
import type { SwInterfaceDetails } from '@vpp-ts/binapi-interface'
import type { MemifDetails } from '@vpp-ts/binapi-memif'
import type { SwInterfaceTapV2Details } from '@vpp-ts/binapi-tapv2'
import { canonicalInterfaceAddress } from '../../model/ip.ts'
import { rawTagsOf } from './tags.ts'
import type { ToldInterface } from './value.ts'
import { BOND_LOAD_BALANCES, BOND_MODES, TAP_FLAGS } from './types.ts'

type Fields = Readonly<Record<string, unknown>>

/** Rings and buffers that a memif has when none are asked for; without a peer VPP reports others. */
const MEMIF_DEFAULTS = { ringSize: 1024, bufferSize: 2048 }

function nameIn<K extends string>(names: Readonly<Record<K, number>>, number: number): K | undefined {
  return (Object.keys(names) as K[]).find((name) => names[name] === number)
}

function textOf(text: string): string | undefined {
  return text === '' ? undefined : text
}

/** The fields that are something. */
function known(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

function prefixOf(prefix: unknown): string | undefined {
  const text = canonicalInterfaceAddress(String(prefix))
  return text === '0.0.0.0/0' || text === '::/0' ? undefined : text
}

/** Of a tap. */
export function toldOfTap(it: SwInterfaceTapV2Details): ToldInterface {
  const flags = Object.entries(TAP_FLAGS).map(([name, bit]) => [name, (it.tapFlags & bit) !== 0] as const)
  const hostMac = String(it.hostMacAddr)
  return {
    fixed: { ...Object.fromEntries(flags), ringSize: it.rxRingSz },
    maybe: known({
      id: it.id,
      hostName: textOf(it.hostIfName),
      hostNamespace: textOf(it.hostNamespace),
      hostMac: hostMac === '00:00:00:00:00:00' ? undefined : hostMac,
      hostMtu: it.hostMtuSize === 0 ? undefined : it.hostMtuSize,
      hostBridge: textOf(it.hostBridge),
      hostAddress: prefixOf(it.hostIp4Prefix),
      hostAddress2: prefixOf(it.hostIp6Prefix),
    }),
  }
}

/** Of a memif. */
export function toldOfMemif(
  it: MemifDetails,
  role: 'master' | 'slave',
  mode: 'ethernet' | 'ip',
): ToldInterface {
  const { id, socketId: socket, ringSize, bufferSize } = it
  return {
    fixed: { socket, id, role, mode, ...MEMIF_DEFAULTS },
    maybe: { ringSize, bufferSize },
  }
}

/** Of a bond. */
export function toldOfBond({ id, mode, lb, numaOnly }: SwBondInterfaceDetails): ToldInterface {
  const balance = nameIn(BOND_LOAD_BALANCES, lb)
  return {
    fixed: { mode: nameIn(BOND_MODES, mode), numaOnly },
    maybe: known({ id, loadBalance: balance }),
  }
}

/** Of a sub-interface. */
export function toldOfSub(it: SwInterfaceDetails, parent: string | undefined): ToldInterface {
  const { exactMatch, ...tags } = rawTagsOf(it)
  return { fixed: known({ parent, ...tags }), maybe: { exactMatch, number: it.subId } }
}

/** Of a loopback. */
export function toldOfLoopback({ interfaceName: name }: SwInterfaceDetails): ToldInterface {
  const number = /^loop(\d+)$/.exec(name)?.[1]
  return { fixed: {}, maybe: number === undefined ? {} : { instance: Number(number) } }
}
