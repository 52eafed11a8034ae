import { VppError } from '../errors/vpp-error.ts'
import type { EnumBase, EnumDescriptor } from './descriptor.ts'
import type { EnumObject } from './enum.ts'
import { fitsScalar } from './ranges.ts'

/**
 * Defines an enum: an object with its members.
 * @throws VppError `VPP_DESCRIPTOR` when a member does not fit the base type
 */
export function defineEnum<const M extends Readonly<Record<string, number>>>(
  name: string,
  base: EnumBase,
  members: M,
  options: { readonly flags?: boolean } = {},
): EnumObject<M> {
  const descriptor: EnumDescriptor = { kind: 'enum', name, base, flags: options.flags ?? false, members }
  checkMembers(descriptor)
  return Object.freeze(
    Object.defineProperty({ ...members }, 'descriptor', { value: descriptor }),
  ) as EnumObject<M>
}

function checkMembers({ name, base, members }: EnumDescriptor): void {
  for (const [member, value] of Object.entries(members)) {
    if (member === 'descriptor')
      throw new VppError('VPP_DESCRIPTOR', `enum ${name}: no member can be called ${member}`)
    if (fitsScalar(base, value)) continue
    throw new VppError('VPP_DESCRIPTOR', `enum ${name}: ${member} = ${value} does not fit ${base}`)
  }
}
