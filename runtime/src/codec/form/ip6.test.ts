import * as fc from 'fast-check'
import { isIPv6 } from 'node:net'
import { describe, expect, it } from 'vitest'
import { formatIp6, writeIp6 } from './ip6.ts'

function parse(text: string): string | undefined {
  const bytes = Buffer.alloc(18, 0xee)
  const written = writeIp6(bytes, 1, text, 0, text.length)
  expect([bytes[0], bytes[17]]).toEqual([0xee, 0xee])
  return written ? bytes.toString('hex', 1, 17) : undefined
}

const format = (hex: string): string => formatIp6(Buffer.from(hex, 'hex'), 0)

describe('IPv6 addresses', () => {
  it.each([
    ['::', '00000000000000000000000000000000'],
    ['::1', '00000000000000000000000000000001'],
    ['1::', '00010000000000000000000000000000'],
    ['2001:db8::1', '20010db8000000000000000000000001'],
    ['2001:db8:0:1:1:1:1:1', '20010db8000000010001000100010001'],
    ['2001:db8::1:0:0:1', '20010db8000000000001000000000001'],
    ['2001:0:0:1::1', '20010000000000010000000000000001'],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
    ['1:2:3:4:5:6::', '00010002000300040005000600000000'],
    ['::3:4:5:6:7:8', '00000000000300040005000600070008'],
    ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'ffffffffffffffffffffffffffffffff'],
    ['::ffff:10.0.0.1', '00000000000000000000ffff0a000001'],
    ['::ffff:0:a00:1', '0000000000000000ffff00000a000001'],
    ['a:bc:def:1234::', '000a00bc0def12340000000000000000'],
  ])('reads and writes %s (RFC 5952)', (text, hex) => {
    expect(parse(text)).toBe(hex)
    expect(format(hex)).toBe(text)
  })

  it.each([
    ['2001:DB8:0:0:0:0:0:1', '20010db8000000000000000000000001'],
    ['2001:0db8::0001', '20010db8000000000000000000000001'],
    ['1:2:3:4:5:6:7::', '00010002000300040005000600070000'],
    ['::1.2.3.4', '00000000000000000000000001020304'],
    ['64:ff9b::192.0.2.33', '0064ff9b0000000000000000c0000221'],
    ['1:2:3:4:5:6:1.2.3.4', '00010002000300040005000601020304'],
  ])('reads %s', (text, hex) => {
    expect(parse(text)).toBe(hex)
  })

  it.each([
    '',
    ':',
    ':::',
    '1',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '::1:2:3:4:5:6:7:8',
    '1::2::3',
    '1:::2',
    ':1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:',
    '12345::',
    'g::',
    '::1%eth0',
    '::1.2.3',
    '::1.2.3.256',
    '1.2.3.4::',
    '1:2:3:4:5:6:7:1.2.3.4',
    '::1/64',
    ' ::1',
  ])('refuses %j', (text) => {
    expect(parse(text)).toBeUndefined()
  })

  it('writes what it reads back, for every address', () => {
    const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }))
    fc.assert(
      fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
        const hex = groups.map((each) => each.toString(16).padStart(4, '0')).join('')
        const text = format(hex)
        expect(isIPv6(text)).toBe(true)
        expect(parse(text)).toBe(hex)
        expect(new URL(`http://[${text}]/`).hostname).toBe(
          new URL(`http://[${hex.match(/..../g)?.join(':')}]/`).hostname,
        )
      }),
    )
  })

  it('agrees with Node on what is an address', () => {
    const piece = fc.constantFrom('0', '1', 'ffff', '12345', ':', '::', '.', '1.2.3.4', 'g', '255')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('')
        expect(parse(text) !== undefined).toBe(isIPv6(text))
      }),
      { numRuns: 5000 },
    )
  })
})
