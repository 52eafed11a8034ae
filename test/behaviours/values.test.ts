import { describe, expect, it } from 'vitest'
import { AclAddReplace, AclDetails } from '@vpp-ts/binapi-acl'
import { IfStatusFlags } from '@vpp-ts/binapi-interface-types'
import { SwInterfaceDump, SwInterfaceEvent, SwInterfaceSetFlags } from '@vpp-ts/binapi-interface'
import { IpAddressDetails, IpRouteAddDel, IpRouteDetails } from '@vpp-ts/binapi-ip'
import { LbAddDelVip } from '@vpp-ts/binapi-lb'
import { AddressUnion } from '@vpp-ts/binapi-ip-types'
import { PolicerDetails } from '@vpp-ts/binapi-policer'
import { ShowVpeSystemTimeReply } from '@vpp-ts/binapi-vpe'
import { GetF64IncrementByOne, CliInband } from '@vpp-ts/binapi-vlib'
import { decodeMessage, encodeMessage } from '@vpp-ts/runtime'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

describe('values', () => {
  it("#30 what is left out takes the API's default, in nested types too", () => {
    const route = new IpRouteAddDel({ route: { prefix: '10.0.0.0/8', paths: [{}] } })
    expect(route.isAdd).toBe(true)
    expect(encodeMessage(IpRouteAddDel, {})[10]).toBe(1)
    expect(new SwInterfaceDump().swIfIndex).toBe(0xffff_ffff)
    expect(hex(encodeMessage(SwInterfaceDump, {}))).toContain('ffffffff')
    expect(route.route.paths[0]).toMatchObject({
      weight: 0,
      labelStack: [],
    })
  })

  it('#31 what does not fit is refused with its path before anything is sent; UTF-8 survives', () => {
    const refused = (init: object) => () => encodeMessage(AclAddReplace, init)
    expect(refused({ tag: 'é'.repeat(32) })).toThrow(
      expect.objectContaining({ code: 'VPP_ENCODE', path: 'tag' }) as Error,
    )
    expect(refused({ r: [{}, { proto: 256 }] })).toThrow(
      expect.objectContaining({ path: 'r[1].proto' }) as Error,
    )
    expect(refused({ r: [{ unheard: 1 }] })).toThrow(
      expect.objectContaining({ path: 'r[0].unheard' }) as Error,
    )
    expect(refused({ count: 3, r: [{}] })).toThrow(expect.objectContaining({ code: 'VPP_ENCODE' }) as Error)
    const tag = 'zwölf Brücken ✓'
    expect(decodeMessage(AclDetails, encodeMessage(AclDetails, { tag })).tag).toBe(tag)
    expect(decodeMessage(CliInband, encodeMessage(CliInband, { cmd: tag })).cmd).toBe(tag)
  })

  it('#32 64-bit numbers are exact, in JSON too; f64 is little-endian', () => {
    for (const value of [2n ** 53n + 1n, 2n ** 64n - 1n]) {
      const back = decodeMessage(PolicerDetails, encodeMessage(PolicerDetails, { cb: value }))
      expect(back.cb).toBe(value)
      const json = JSON.parse(JSON.stringify(back)) as Parameters<typeof PolicerDetails.fromJSON>[0]
      expect(PolicerDetails.fromJSON(json).cb).toBe(value)
    }
    expect(hex(encodeMessage(GetF64IncrementByOne, { f64Value: 42.5 }).subarray(10))).toBe('0000000000404540')
  })

  it('#33 a union is as wide as its widest arm and keeps bytes that no arm reads', () => {
    const union = new AddressUnion({ ip4: '10.0.0.1' })
    expect(union.bytes).toHaveLength(16)
    const bytes = encodeMessage(IpRouteDetails, { route: { paths: [{ nh: { address: union } }] } })
    const at = bytes.indexOf(Buffer.from([10, 0, 0, 1]))
    bytes.write('rest', at + 4)
    const back = decodeMessage(IpRouteDetails, bytes)
    expect(back.route.paths[0]?.nh.address.ip4).toBe('10.0.0.1')
    expect(hex(encodeMessage(IpRouteDetails, back))).toBe(hex(bytes))
  })

  it('#34 unknown enum values and flags survive; flags print as names and the rest', () => {
    const event = encodeMessage(SwInterfaceEvent, { flags: IfStatusFlags.IF_STATUS_API_FLAG_LINK_UP | 64 })
    const back = decodeMessage(SwInterfaceEvent, event)
    expect(back.flags).toBe(66)
    expect(JSON.parse(JSON.stringify(back))).toMatchObject({ flags: ['IF_STATUS_API_FLAG_LINK_UP', 64] })
    expect(hex(encodeMessage(SwInterfaceEvent, back))).toBe(hex(event))
    const vip = decodeMessage(LbAddDelVip, encodeMessage(LbAddDelVip, { encap: 77 }))
    expect(vip.encap).toBe(77)
    expect(encodeMessage(SwInterfaceSetFlags, { flags: 3 }).readUInt32BE(14)).toBe(3)
  })

  it('#35 addresses keep their family and host bits; timestamps their microseconds', () => {
    const prefix = (text: string) =>
      decodeMessage(IpAddressDetails, encodeMessage(IpAddressDetails, { prefix: text })).prefix
    expect(prefix('10.1.2.3/8')).toBe('10.1.2.3/8')
    expect(prefix('::ffff:10.0.0.1/128')).toMatch(/^::ffff:/)
    expect(prefix('2001:DB8:0:0::1')).toBe('2001:db8::1/128')
    for (const text of ['2026-06-24T12:00:00.123456Z', '1969-07-20T20:17:40.654321Z']) {
      const time = encodeMessage(ShowVpeSystemTimeReply, { vpeSystemTime: text })
      expect(decodeMessage(ShowVpeSystemTimeReply, time).vpeSystemTime.toString()).toBe(text)
    }
    const withMac = { macAddress: '02:00:00:00:00:01:02:03' }
    expect(() => encodeMessage(SwInterfaceSetFlags, withMac as object)).toThrow(/macAddress/)
  })
})
