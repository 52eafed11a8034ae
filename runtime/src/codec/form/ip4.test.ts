import { describe, expect, it } from 'vitest'
import { formatIp4, parseIp4 } from './ip4.ts'

const parse = (text: string): number => parseIp4(text, 0, text.length)

describe('IPv4 addresses', () => {
  it.each([
    ['0.0.0.0', 0],
    ['10.0.0.1', 0x0a000001],
    ['255.255.255.255', 0xffffffff],
    ['192.168.17.200', 0xc0a811c8],
  ])('reads and writes %s', (text, bits) => {
    expect(parse(text)).toBe(bits)
    const bytes = Buffer.alloc(6)
    bytes.writeUInt32BE(bits, 1)
    expect(formatIp4(bytes, 1)).toBe(text)
  })

  it('writes every octet', () => {
    for (let octet = 0; octet < 256; octet++) {
      expect(formatIp4(Uint8Array.of(octet, 255 - octet, octet, 255 - octet), 0)).toBe(
        `${octet}.${255 - octet}.${octet}.${255 - octet}`,
      )
    }
  })

  it.each([
    '',
    '1',
    '1.2.3',
    '1.2.3.',
    '.1.2.3',
    '1..2.3',
    '1.2.3.4.',
    '1.2.3.4.5',
    '256.0.0.1',
    '1.2.3.999',
    '01.2.3.4',
    '1.2.3.00',
    ' 1.2.3.4',
    '1.2.3.4 ',
    '1.2.3.-4',
    '1.2.3.4/24',
    '1.2.3.a',
    '0x1.2.3.4',
    '١.2.3.4',
  ])('refuses %j', (text) => {
    expect(parse(text)).toBe(-1)
  })

  it('reads a part of a text', () => {
    expect(parseIp4('::1.2.3.4/8', 2, 9)).toBe(0x01020304)
  })
})
