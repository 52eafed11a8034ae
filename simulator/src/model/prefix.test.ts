import { describe, expect, it } from 'vitest'
import { broadcastOf, formatAddress, networkOf, overlap, parsePrefix, shownPrefix } from './prefix.ts'

function overlaps(a: string, b: string): boolean {
  return overlap(parsePrefix(a), parsePrefix(b))
}

describe('prefixes', () => {
  it.each([
    ['10.1.2.3/24', '10.1.2.0/24', '10.1.2.3/24'],
    ['10.1.2.3/20', '10.1.0.0/20', '10.1.2.3/20'],
    ['10.1.2.3', '10.1.2.3/32', '10.1.2.3/32'],
    ['10.1.2.3/0', '0.0.0.0/0', '10.1.2.3/0'],
    ['2001:db8::1/64', '2001:db8::/64', '2001:db8::/64'],
    ['2001:db8:ffff::/35', '2001:db8:e000::/35', '2001:db8:e000::/35'],
    ['::1', '::1/128', '::1/128'],
  ])('%s is of the network %s and shown as %s', (text, network, shown) => {
    expect(networkOf(parsePrefix(text))).toBe(network)
    expect(shownPrefix(parsePrefix(text))).toBe(shown)
  })

  it.each([
    ['10.0.0.0/33', -171],
    ['2001:db8::/129', -171],
    ['af:0:01020304000000000000000000000000/33', -171],
    ['10.0.0/24', -7],
    ['2001:db8:::/64', -7],
    ['', -7],
  ])('%s is refused with %d', (text, retval) => {
    expect(() => parsePrefix(text)).toThrow(expect.objectContaining({ retval }))
  })

  it('know their last address', () => {
    expect(formatAddress(broadcastOf(parsePrefix('10.1.2.3/22')))).toBe('10.1.3.255')
  })

  it('overlap when one lies in the other', () => {
    expect(overlaps('10.0.0.0/8', '10.1.0.0/16')).toBe(true)
    expect(overlaps('10.1.0.0/16', '10.0.0.0/8')).toBe(true)
    expect(overlaps('10.1.0.0/16', '10.2.0.0/16')).toBe(false)
    expect(overlaps('10.0.0.0/8', '::/0')).toBe(false)
  })
})
