import type { Actual, Vpp, WantedView } from '../descriptor.ts'
import type { InterfaceValue } from './value.ts'

/**
 * True for something that hangs on an interface and that the agent may change: all of its kind on an interface that
 * the agent made, and on any other what is declared, or was made by it.
 */
export function isOwnOn(
  vpp: Pick<Vpp, 'get'>,
  wanted: WantedView,
  { interface: name, kind, key }: { readonly interface: string; readonly kind: string; readonly key: string },
): boolean {
  const it: Actual<InterfaceValue> | undefined = vpp.get<InterfaceValue>('interface', name)
  if (it === undefined || it.foreign === true) return false
  if (it.value.type !== 'existing') return true
  return wanted.desired(kind, key) !== undefined || wanted.made(kind, key) === true
}

/** True for what hangs on an interface that the agent did not make: nothing in VPP shows who created it. */
export function isOnAdopted(
  { interface: name }: { readonly interface: string },
  vpp: Pick<Vpp, 'get'>,
): boolean {
  return vpp.get<InterfaceValue>('interface', name)?.value.type === 'existing'
}
