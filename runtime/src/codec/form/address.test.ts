import { describe, expect, it } from 'vitest'
import {
  formatAddress,
  formatIp4Prefix,
  formatIp6Prefix,
  formatPrefix,
  writeAddress,
  writeIp4Prefix,
  writeIp6Prefix,
  writePrefix,
} from './address.ts'

type Write = (bytes: Uint8Array, offset: number, text: string) => boolean
type Format = (bytes: Uint8Array, offset: number) => string

const writeWholeAddress: Write = (bytes, offset, text) => writeAddress(bytes, offset, text, 0, text.length)

const hex = (size: number) => 'ab'.repeat(size)

/** Written behind other bytes, none of which may change. */
function through(write: Write, format: Format, size: number, text: string): string | undefined {
  const bytes = new Uint8Array(2 + size + 2)
  const written = write(bytes, 2, text)
  expect([bytes[0], bytes[1], bytes.at(-2), bytes.at(-1)]).toEqual([0, 0, 0, 0])
  return written ? format(bytes, 2) : undefined
}

describe('what VPP calls neither IPv4 nor IPv6, nor can be', () => {
  it.each<[string, Write, Format, number, string[]]>([
    [
      'vl_api_address_t',
      writeWholeAddress,
      formatAddress,
      17,
      [`af:2:${hex(16)}`, `af:254:${hex(16)}`, `af:255:${hex(16)}`],
    ],
    [
      'vl_api_prefix_t',
      writePrefix,
      formatPrefix,
      18,
      [`af:2:${hex(16)}/0`, `af:255:${hex(16)}/255`, `af:0:${hex(16)}/33`, `af:1:${hex(16)}/129`],
    ],
    ['vl_api_ip4_prefix_t', writeIp4Prefix, formatIp4Prefix, 5, [`af:0:${hex(4)}/33`, `af:0:${hex(4)}/255`]],
    ['vl_api_ip6_prefix_t', writeIp6Prefix, formatIp6Prefix, 17, [`af:1:${hex(16)}/129`]],
  ])('is read and written as bytes: %s', (_, write, format, size, texts) => {
    for (const text of texts) expect(through(write, format, size, text)).toBe(text)
  })

  it.each<[string, Write, number, string[]]>([
    [
      'vl_api_address_t',
      writeWholeAddress,
      17,
      [`af:256:${hex(16)}`, `af:2:${hex(15)}`, `af:2:${hex(17)}`, 'af:2:', `af::${hex(16)}`],
    ],
    [
      'vl_api_prefix_t',
      writePrefix,
      18,
      [
        `af:2:${hex(16)}`,
        `af:2:${hex(16)}/256`,
        `af:2:${hex(16)}/`,
        `af:2:${hex(15)}/3`,
        '/3',
        '::/129',
        '::/',
      ],
    ],
    [
      'vl_api_ip4_prefix_t',
      writeIp4Prefix,
      5,
      [
        `af:0:${hex(4)}`,
        `af:1:${hex(4)}/33`,
        `af:0:${hex(5)}/33`,
        `af:0:${hex(4)}/256`,
        `af:0:${hex(4)}/`,
        '/3',
        '::/0',
      ],
    ],
    [
      'vl_api_ip6_prefix_t',
      writeIp6Prefix,
      17,
      [
        `af:1:${hex(16)}`,
        `af:0:${hex(16)}/129`,
        `af:1:${hex(15)}/129`,
        `af:1:${hex(16)}/256`,
        '/3',
        '::/129',
        '::/',
        '10.0.0.0/8',
      ],
    ],
  ])('is refused where it is not whole: %s', (_, write, size, texts) => {
    for (const text of texts) expect([text, write(new Uint8Array(size), 0, text)]).toEqual([text, false])
  })
})

it('a prefix without a length is a host, one of length 0 is everything', () => {
  expect(through(writePrefix, formatPrefix, 18, '2001:db8::1')).toBe('2001:db8::1/128')
  expect(through(writePrefix, formatPrefix, 18, '10.0.0.1')).toBe('10.0.0.1/32')
  expect(through(writeIp6Prefix, formatIp6Prefix, 17, '2001:db8::1')).toBe('2001:db8::1/128')
  expect(through(writeIp6Prefix, formatIp6Prefix, 17, '::/0')).toBe('::/0')
  expect(through(writeIp4Prefix, formatIp4Prefix, 5, '0.0.0.0/0')).toBe('0.0.0.0/0')
  expect(through(writePrefix, formatPrefix, 18, '::/0')).toBe('::/0')
})
