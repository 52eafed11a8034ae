import type { ScalarType } from './descriptor.ts'

/** Integer types whose values are numbers in JavaScript. */
export type NumberType = 'u8' | 'u16' | 'u32' | 'i8' | 'i16' | 'i32'

/** Smallest and largest value of an integer type. */
export const RANGES: Readonly<Record<NumberType, readonly [least: number, most: number]>> = {
  u8: [0, 0xff],
  u16: [0, 0xffff],
  u32: [0, 0xffffffff],
  i8: [-0x80, 0x7f],
  i16: [-0x8000, 0x7fff],
  i32: [-0x80000000, 0x7fffffff],
}

/** True for an integer that the type can hold. */
function fitsNumber(type: NumberType, value: unknown): boolean {
  const [least, most] = RANGES[type]
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
}

/** True for a bigint that the type can hold. */
function fitsBigint(type: 'u64' | 'i64', value: unknown): boolean {
  if (typeof value !== 'bigint') return false
  return (type === 'u64' ? BigInt.asUintN(64, value) : BigInt.asIntN(64, value)) === value
}

/** What a scalar type takes, for an error's text. */
export function expectedOf(type: ScalarType): string {
  switch (type) {
    case 'bool':
      return 'a boolean'
    case 'f64':
      return 'a number'
    case 'u64':
      return 'a bigint from 0n to 2n ** 64n - 1n'
    case 'i64':
      return 'a bigint from -(2n ** 63n) to 2n ** 63n - 1n'
    default:
      return `an integer from ${RANGES[type].join(' to ')}`
  }
}

/** True for a value that the type can hold. */
export function fitsScalar(type: ScalarType, value: unknown): boolean {
  switch (type) {
    case 'bool':
      return typeof value === 'boolean'
    case 'f64':
      return typeof value === 'number'
    case 'u64':
    case 'i64':
      return fitsBigint(type, value)
    default:
      return fitsNumber(type, value)
  }
}
