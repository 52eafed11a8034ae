import { VppError } from '../errors/vpp-error.ts'
import { defineArms } from './classes.ts'
import type {
  AliasDescriptor,
  ArmSpec,
  Constructor,
  FieldSpec,
  FriendlyForm,
  HeaderKind,
  MessageDescriptor,
  StructDescriptor,
  TypeRef,
  UnionDescriptor,
} from './descriptor.ts'
import { checkArms, checkElement, checkFields, checkForm } from './define-check.ts'

/** A described type without its own class. */
export interface Described<D> {
  readonly descriptor: D
}

/**
 * Defines another name for a type, a fixed array of it, or a friendly form of it.
 * @throws VppError `VPP_DESCRIPTOR` when the form does not go with the type
 */
export function defineAlias(
  name: string,
  type: TypeRef,
  length?: number,
  form?: FriendlyForm,
): Described<AliasDescriptor> {
  const descriptor: AliasDescriptor = { kind: 'alias', name, type, length, form }
  checkElement(`alias ${name}`, type, length)
  if (form !== undefined) checkForm(descriptor, form)
  return { descriptor }
}

/**
 * Defines a struct that users see in a friendly form, and that hence has no class.
 * @throws VppError `VPP_DESCRIPTOR` when its fields are not those of the form
 */
export function defineForm(
  name: string,
  form: FriendlyForm,
  fields: readonly FieldSpec[],
): Described<StructDescriptor<string>> {
  const descriptor: StructDescriptor<string> = { kind: 'struct', name, fields, form, ctor: undefined }
  checkFields(`struct ${name}`, fields, undefined)
  checkForm(descriptor, form)
  return { descriptor }
}

/**
 * Describes the fields of a struct class.
 * @throws VppError `VPP_DESCRIPTOR` when the fields contradict each other
 */
export function defineStruct<T>(
  ctor: Constructor<T>,
  name: string,
  fields: readonly FieldSpec[],
): StructDescriptor<T> {
  checkFields(`struct ${name}`, fields, ctor)
  return { kind: 'struct', name, fields, form: undefined, ctor }
}

/**
 * Describes the arms of a union class and gives the class an accessor for each.
 * @throws VppError `VPP_DESCRIPTOR` when `size` is not that of the widest arm
 */
export function defineUnion<T>(
  ctor: Constructor<T>,
  name: string,
  size: number,
  arms: readonly ArmSpec[],
): UnionDescriptor<T> {
  const descriptor: UnionDescriptor<T> = { kind: 'union', name, size, arms, ctor }
  checkArms(descriptor)
  defineArms(descriptor)
  return descriptor
}

/**
 * Describes the fields of a message class, those of the header left out.
 * @throws VppError `VPP_DESCRIPTOR` when the fields contradict each other
 */
export function defineMessage<T>(
  ctor: Constructor<T>,
  name: string,
  crc: string,
  header: HeaderKind,
  fields: readonly FieldSpec[],
): MessageDescriptor<T> {
  if (!/^[0-9a-f]{8}$/.test(crc)) {
    throw new VppError(
      'VPP_DESCRIPTOR',
      `message ${name}: the CRC must be 8 lowercase hex digits, not '${crc}'`,
    )
  }
  checkFields(`message ${name}`, fields, ctor)
  return { kind: 'message', name, crc, header, fields, ctor }
}
