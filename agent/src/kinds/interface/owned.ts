import type { Actual, Vpp, WantedView } from '../descriptor.ts'
import type { InterfaceValue } from './value.ts'

/**
 * True for something that hangs on an interface and that the agent may change: all of its kind on an interface that
 * the agent made, and what is declared on any other.
 */
export function isOwnOn(
  vpp: Pick<Vpp, 'get'>,
  wanted: WantedView,
  { interface: name, kind, key }: { readonly interface: string; readonly kind: string; readonly key: string },
): boolean {
  const it: Actual<InterfaceValue> | undefined = vpp.get<InterfaceValue>('interface', name)
  if (it === undefined || it.foreign === true) return false
  return it.value.type !== 'existing' || wanted.desired(kind, key) !== undefined
}
