import { enumNumber, expectedNames } from '../enum.ts'
import { Refusal } from '../errors.ts'
import { NONE } from '../none.ts'
import {
  loadSigned,
  loadUnsigned,
  putBigint,
  putDouble,
  storeInteger,
  takeDouble,
  takeSigned,
  takeUnsigned,
} from '../numbers.ts'
import type { ScalarPlan } from '../plan.ts'
import { expectedOf, fitsScalar, RANGES } from '../ranges.ts'
import type { Read, Write } from './access.ts'

/** Writes numbers, bigints and booleans, after checking that they fit. */
export function scalarWriter(plan: ScalarPlan): Write {
  const { type, size } = plan
  switch (type) {
    case 'bool':
      return (writer, at, value) => {
        writer.bytes[at] = check(plan, value) === true ? 1 : 0
      }
    case 'f64':
      return (writer, at, value) => {
        putDouble(writer.bytes, at, check(plan, value) as number)
      }
    case 'u64':
    case 'i64':
      return (writer, at, value) => {
        putBigint(writer.bytes, at, check(plan, value) as bigint)
      }
    default:
      return integerWriter(plan, size, RANGES[type])
  }
}

function integerWriter(plan: ScalarPlan, size: number, [least, most]: readonly [number, number]): Write {
  return (writer, at, value) => {
    const plain = typeof value === 'number' && value >= least && value <= most && Number.isInteger(value)
    storeInteger(
      writer.bytes,
      at,
      size,
      plain ? value : (check(plan, toNumber(plan, value), value) as number),
    )
  }
}

/** The number that a name, a list of names, or -1 for "no interface" stands for; anything else as it is. */
function toNumber(plan: ScalarPlan, value: unknown): unknown {
  if (plan.minusOne && value === -1) return NONE
  return plan.enum === undefined ? value : enumNumber(plan.enum, value)
}

function check(plan: ScalarPlan, value: unknown, received: unknown = value): unknown {
  if (fitsScalar(plan.type, value)) return value
  const expected = expectedOf(plan.type)
  if (plan.enum === undefined) throw new Refusal(expected, received)
  throw new Refusal(`${expectedNames(plan.enum)} or ${expected}`, received)
}

/** Reads numbers, bigints and booleans. */
export function scalarReader({ type, size }: ScalarPlan): Read {
  switch (type) {
    case 'bool':
      return (bytes, at) => bytes[at] !== 0
    case 'f64':
      return takeDouble
    case 'u64':
      return takeUnsigned
    case 'i64':
      return takeSigned
    case 'u8':
    case 'u16':
    case 'u32':
      return (bytes, at) => loadUnsigned(bytes, at, size)
    default:
      return (bytes, at) => loadSigned(bytes, at, size)
  }
}
