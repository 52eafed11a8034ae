import { describe, expect, it } from 'vitest'
import { VppApiError, retvalOf } from './api-error.ts'
import { API_ERRORS } from './api-errors.ts'

const CODES = Object.keys(API_ERRORS).map(Number)
/** VPP's numbers have gaps. */
const ABSENT = new Set([-158, ...range(-29, -21), ...range(-49, -32)])

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
}

describe('API_ERRORS', () => {
  it("has all of VPP's 143 numbers and none between", () => {
    expect(CODES).toHaveLength(143)
    const expected = range(-171, -1).filter((code) => !ABSENT.has(code))
    expect(CODES.toSorted((a, b) => a - b)).toEqual(expected)
  })

  it('has a name and a text for each, and no name twice', () => {
    const names = Object.values(API_ERRORS).map(([name]) => name)
    expect(new Set(names).size).toBe(143)
    for (const [name, text] of Object.values(API_ERRORS)) {
      expect(name).toMatch(/^[A-Z][A-Z0-9_]*$/)
      expect(text).toMatch(/\S/)
    }
  })

  it.each([
    [-1, 'UNSPECIFIED'],
    [-2, 'INVALID_SW_IF_INDEX'],
    [-20, 'SYSCALL_ERROR_10'],
    [-30, 'FEATURE_DISABLED'],
    [-31, 'INVALID_REGISTRATION'],
    [-50, 'NEXT_HOP_NOT_IN_FIB'],
    [-73, 'INVALID_ARGUMENT'],
    [-99, 'TABLE_TOO_BIG'],
    [-124, 'L2_MACS_EVENT_CLINET_PRESENT'],
    [-157, 'FIB_PATH_UNSUPPORTED_NH_PROTO'],
    [-159, 'API_ENDIAN_FAILED'],
    [-165, 'EAGAIN'],
    [-171, 'INVALID_PREFIX_LENGTH'],
  ])('%d is %s', (code, name) => {
    expect(API_ERRORS[code]?.[0]).toBe(name)
  })
})

describe('VppApiError', () => {
  it('says which request was refused, why, and carries the reply', () => {
    const reply = { retval: -2, swIfIndex: 7 }
    const error = new VppApiError(-2, 'sw_interface_set_flags', 42, reply)
    expect(error).toMatchObject({
      code: 'VPP_API_ERROR',
      retval: -2,
      apiName: 'INVALID_SW_IF_INDEX',
      messageName: 'sw_interface_set_flags',
      context: 42,
      reply,
    })
    expect(error.message).toBe('sw_interface_set_flags: INVALID_SW_IF_INDEX (-2): bad interface index')
  })

  it('shows a number that it does not know', () => {
    expect(new VppApiError(-4711, 'poke', 1, undefined)).toMatchObject({ apiName: 'UNKNOWN', retval: -4711 })
  })
})

describe('retvalOf', () => {
  it('reads the retval as signed, and 0 where there is none', () => {
    expect(retvalOf({ retval: -7 })).toBe(-7)
    expect(retvalOf({ retval: 0xffff_fff9 })).toBe(-7)
    expect(retvalOf({ retval: 5 })).toBe(5)
    expect(retvalOf({})).toBe(0)
    expect(retvalOf({ retval: 'no' })).toBe(0)
  })
})
