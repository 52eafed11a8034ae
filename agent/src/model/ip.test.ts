import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalAddress, canonicalInterfaceAddress, canonicalPrefix } from './ip.ts'

describe('addresses and prefixes', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['fe80::1%eth0', undefined],
    ['01.2.3.4', undefined],
    ['', undefined],
  ])('%j is spelled %j', (text, spelled) => {
    expect(canonicalAddress(text)).toBe(spelled)
  })

  it.each([
    ['10.1.2.3/8', '10.0.0.0/8'],
    ['10.1.2.3/0', '0.0.0.0/0'],
    ['255.255.255.255/32', '255.255.255.255/32'],
    ['255.255.255.255/31', '255.255.255.254/31'],
    ['2001:db8:ffff::1/33', '2001:db8:8000::/33'],
    ['2001:db8::1/128', '2001:db8::1/128'],
    ['::ffff:192.0.2.1/120', '::ffff:192.0.2.0/120'],
    ['2001:db8::1/0', '::/0'],
    ['10.0.0.0/33', undefined],
    ['::/129', undefined],
    ['10.0.0.0/08', undefined],
    ['10.0.0.0/', undefined],
    ['10.0.0.0', undefined],
  ])('%j is the prefix %j', (text, spelled) => {
    expect(canonicalPrefix(text)).toBe(spelled)
  })

  it('keeps the host bits of an interface', () => {
    expect(canonicalInterfaceAddress('2001:DB8::5/64')).toBe('2001:db8::5/64')
  })

  it('spells what is spelled already as it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(128), (address, length) => {
        const prefix = canonicalPrefix(`${address}/${address.includes(':') ? length : length % 33}`)
        expect(prefix).toBeDefined()
        expect(canonicalPrefix(prefix ?? '')).toBe(prefix)
      }),
    )
  })
})
