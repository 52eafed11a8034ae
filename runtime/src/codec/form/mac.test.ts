import { describe, expect, it } from 'vitest'
import { formatMac, writeMac } from './mac.ts'

function parse(text: string): string | undefined {
  const bytes = Buffer.alloc(8, 0xee)
  const written = writeMac(bytes, 1, text)
  expect([bytes[0], bytes[7]]).toEqual([0xee, 0xee])
  return written ? bytes.toString('hex', 1, 7) : undefined
}

describe('MAC addresses', () => {
  it.each([
    '02:fe:00:01:02:0f',
    '02-fe-00-01-02-0f',
    '02fe.0001.020f',
    '02fe0001020f',
    '02:FE:00:01:02:0F',
    '02FE.0001.020F',
  ])('reads %s', (text) => {
    expect(parse(text)).toBe('02fe0001020f')
  })

  it('writes the colon form', () => {
    expect(formatMac(Buffer.from('ff02fe0001020f', 'hex'), 1)).toBe('02:fe:00:01:02:0f')
    expect(formatMac(Buffer.alloc(6), 0)).toBe('00:00:00:00:00:00')
    expect(parse('00:00:00:00:00:00')).toBe('000000000000')
  })

  it.each([
    '',
    '02:fe:00:01:02',
    '02:fe:00:01:02:0f:aa:bb',
    '02fe:0001:020f',
    '02:fe:00-01:02:0f',
    '02:fe:00:01:02:0',
    '02:fe:00:01:02:0g',
    '02.fe.00.01.02.0f',
    '02fe.0001-020f',
    '02fe0001020fff01',
    '02:fe:00:01:02:-f',
    '2:fe:0:1:2:f',
    '０2:fe:00:01:02:0f',
  ])('refuses %j', (text) => {
    expect(parse(text)).toBeUndefined()
  })
})
