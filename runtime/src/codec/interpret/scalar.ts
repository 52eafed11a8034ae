import { enumNumber } from '../enum.ts'
import { Refusal } from '../errors.ts'
import type { ScalarPlan } from '../plan.ts'
import type { Read } from './decode.ts'
import type { Write } from './encode.ts'

/** Smallest and largest value of every integer type that is a number in JavaScript. */
const RANGES = {
  u8: [0, 0xff],
  u16: [0, 0xffff],
  u32: [0, 0xffffffff],
  i8: [-0x80, 0x7f],
  i16: [-0x8000, 0x7fff],
  i32: [-0x80000000, 0x7fffffff],
} as const

/** Writes numbers, bigints and booleans, after checking that they fit. */
export function scalarWriter(plan: ScalarPlan): Write {
  const { type, size } = plan
  switch (type) {
    case 'bool':
      return (writer, at, value) => {
        if (typeof value !== 'boolean') throw new Refusal('a boolean', value)
        writer.bytes[at] = value ? 1 : 0
      }
    case 'f64':
      return (writer, at, value) => {
        if (typeof value !== 'number') throw new Refusal('a number', value)
        writer.bytes.writeDoubleLE(value, at)
      }
    case 'u64':
    case 'i64':
      return (writer, at, value) => {
        checkBigint(type, value)
        writer.bytes.writeBigUInt64BE(BigInt.asUintN(64, value as bigint), at)
      }
    default:
      return (writer, at, value) => {
        const number = checkNumber(plan, type, value)
        if (number < 0) writer.bytes.writeIntBE(number, at, size)
        else writer.bytes.writeUIntBE(number, at, size)
      }
  }
}

function checkNumber(plan: ScalarPlan, type: keyof typeof RANGES, value: unknown): number {
  const [least, most] = RANGES[type]
  if (plan.minusOne && value === -1) return most
  const number = plan.enum === undefined ? value : enumNumber(plan.enum, value)
  if (typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most)
    return number
  const range = `an integer from ${least} to ${most}`
  if (plan.enum === undefined) throw new Refusal(range, value)
  throw new Refusal(`${plan.enum.flags ? 'names' : 'a name'} of ${plan.enum.name} or ${range}`, value)
}

function checkBigint(type: 'u64' | 'i64', value: unknown): void {
  const wrap = type === 'u64' ? BigInt.asUintN : BigInt.asIntN
  if (typeof value === 'bigint' && wrap(64, value) === value) return
  const range = type === 'u64' ? '0n to 2n ** 64n - 1n' : '-(2n ** 63n) to 2n ** 63n - 1n'
  throw new Refusal(`a bigint from ${range}`, value)
}

/** Reads numbers, bigints and booleans. */
export function scalarReader({ type, size }: ScalarPlan): Read {
  switch (type) {
    case 'bool':
      return (bytes, at) => bytes[at] !== 0
    case 'f64':
      return (bytes, at) => bytes.readDoubleLE(at)
    case 'u64':
      return (bytes, at) => bytes.readBigUInt64BE(at)
    case 'i64':
      return (bytes, at) => bytes.readBigInt64BE(at)
    case 'u8':
    case 'u16':
    case 'u32':
      return (bytes, at) => bytes.readUIntBE(at, size)
    default:
      return (bytes, at) => bytes.readIntBE(at, size)
  }
}
