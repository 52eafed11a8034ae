import { Nat44EdClient } from '@vpp-ts/binapi-nat44-ed'
import { Nat44EiClient } from '@vpp-ts/binapi-nat44-ei'
import { VppApiError } from '@vpp-ts/runtime'
import type { Vpp, WantedView } from '../descriptor.ts'
import type { Nat44Mode } from './schema.ts'

/** Both modes of NAT44. */
export const MODES = ['ed', 'ei'] as const

/** `NAT_IS_…` of endpoint-dependent NAT44. */
export const ED_FLAG = {
  twiceNat: 0x01,
  selfTwiceNat: 0x02,
  outToInOnly: 0x04,
  addressOnly: 0x08,
  outside: 0x10,
  inside: 0x20,
} as const

/** `NAT44_EI_…` */
export const EI_FLAG = {
  staticOnly: 0x01,
  connectionTracking: 0x02,
  addressOnly: 0x08,
  inside: 0x10,
  outside: 0x20,
} as const

/** Id of the switch that everything of a mode depends on. */
export function pluginId(mode: Nat44Mode): string {
  return `nat44-plugin ${mode}`
}

/** The plugin of VPP that a mode is in. */
export function pluginOf(value: { readonly mode?: Nat44Mode }): string {
  return value.mode === 'ei' ? 'nat44_ei' : 'nat'
}

/** Client of the endpoint-dependent mode. */
export function ed(vpp: Vpp): Nat44EdClient {
  return vpp.client(Nat44EdClient)
}

/** Client of the endpoint-independent mode. */
export function ei(vpp: Vpp): Nat44EiClient {
  return vpp.client(Nat44EiClient)
}

/** True for what the agent made, of kinds that VPP keeps no mark on. */
export function isMade(wanted: WantedView, kind: string, key: string): boolean {
  return wanted.made(kind, key) ?? wanted.desired(kind, key) !== undefined
}

/** Does something, and takes a refusal with one of these values for done. */
export async function unlessDone(act: () => Promise<unknown>, ...retvals: readonly number[]): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (!(error instanceof VppApiError && retvals.includes(error.retval))) throw error
  }
}
