import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as net from './index.ts'

const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'))
const toHex = (bytes: Uint8Array | undefined) =>
  bytes === undefined ? undefined : Buffer.from(bytes).toString('hex')

const anyBytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })

describe('addresses', () => {
  test.each([
    ['::', '00000000000000000000000000000000'],
    ['::1', '00000000000000000000000000000001'],
    ['2001:db8::1', '20010db8000000000000000000000001'],
    ['2001:db8:0:1:0:0:0:1', '20010db8000000010000000000000001'],
    ['::ffff:192.0.2.1', '00000000000000000000ffffc0000201'],
    ['fe80::aabb:ccff:fedd:eeff', 'fe80000000000000aabbccfffeddeeff'],
  ])('%s', (text, bytes) => {
    expect(toHex(net.ipv6ToBytes(text))).toBe(bytes)
    expect(toHex(net.ipv6ToBytes(net.ipv6ToText(hex(bytes))))).toBe(bytes)
  })

  test('are written as RFC 5952 wants it', () => {
    expect(net.ipv6ToText(hex('20010db8000000000001000000000001'))).toBe('2001:db8::1:0:0:1')
    expect(net.ipv6ToText(hex('20010db8000000010001000100010001'))).toBe('2001:db8:0:1:1:1:1:1')
  })

  test('go there and back', () => {
    fc.assert(
      fc.property(anyBytes(6), anyBytes(4), anyBytes(16), (mac, v4, v6) => {
        expect(net.macToBytes(net.macToText(mac))).toEqual(mac)
        expect(net.ipv4ToBytes(net.ipv4ToText(v4))).toEqual(v4)
        expect(net.ipv6ToBytes(net.ipv6ToText(v6))).toEqual(v6)
      }),
    )
  })

  test.each(['', '1.2.3', '1.2.3.256', '1.2.3.4.5', 'a.b.c.d', '1.2.3.'])(
    '"%s" is not an IPv4 address',
    (text) => {
      expect(() => net.ipv4ToBytes(text)).toThrow(RangeError)
    },
  )
  test.each([
    '',
    ':',
    '1',
    '1::2::3',
    '12345::',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8:9',
    'g::',
    '1.2.3.4',
  ])('"%s" is not an IPv6 address', (text) => expect(() => net.ipv6ToBytes(text)).toThrow(RangeError))
  test.each(['', 'aa:bb', 'aa:bb:cc:dd:ee:fg', 'aabbccddeeff'])('"%s" is not a MAC address', (text) => {
    expect(() => net.macToBytes(text)).toThrow(RangeError)
  })
})

// Put together by hand, checksums by another program, so that the builders are not only their parsers' mirror.
const PING = hex(`
  aaaaaaaaaaaa 02fe0f6f4b4d 0800
  45000054 00004000 4001b755 c0a80101 c0a80102
  0800 b371 4d7a 0001 ${Array.from({ length: 56 }, (_, n) => n.toString(16).padStart(2, '0')).join('')}
`)

describe('IPv4 and ICMP', () => {
  test('an echo request is read down to its body', () => {
    const frame = net.parseEthernet(PING)!
    expect(frame).toMatchObject({
      destination: 'aa:aa:aa:aa:aa:aa',
      source: '02:fe:0f:6f:4b:4d',
      etherType: 0x800,
    })
    const packet = net.parseIpv4(frame.payload)!
    expect(packet).toMatchObject({
      source: '192.168.1.1',
      destination: '192.168.1.2',
      ttl: 64,
      protocol: 1,
      doNotFragment: true,
    })
    const rebuilt = net.buildEthernet({ ...frame, payload: net.buildIpv4(packet) })
    expect(toHex(rebuilt)).toBe(toHex(PING))
  })

  test('Ethernet padding is not taken for payload', () => {
    const packet = net.buildIpv4({
      source: '1.1.1.1',
      destination: '2.2.2.2',
      protocol: 17,
      payload: hex('0102'),
    })
    const padded = new Uint8Array(46)
    padded.set(packet)
    expect(net.parseIpv4(padded)?.payload).toEqual(hex('0102'))
  })

  test('a VLAN tag is read and written', () => {
    const frame = {
      destination: net.MAC_BROADCAST,
      source: '02:00:00:00:00:01',
      vlan: 0x2064,
      etherType: 0x806,
      payload: hex('aa'),
    }
    expect(toHex(net.buildEthernet(frame))).toBe('ffffffffffff020000000001810020640806aa')
    expect(net.parseEthernet(net.buildEthernet(frame))).toEqual(frame)
  })

  test.each([
    ['another version', 0, 0x65],
    ['a header shorter than 20', 0, 0x44],
    ['a length beyond the bytes', 2, 0xff],
    ['a wrong checksum', 10, 0],
  ])('is not read with %s', (_, at, byte) => {
    const bytes = net.buildIpv4({
      source: '1.1.1.1',
      destination: '2.2.2.2',
      protocol: 17,
      payload: hex('0102'),
    })
    bytes[at] = byte
    expect(net.parseIpv4(bytes)).toBeUndefined()
  })
})

describe('UDP', () => {
  test('has the checksum of RFC 768', () => {
    const ends = { source: '192.0.2.1', destination: '192.0.2.2' }
    const bytes = net.buildUdp({ sourcePort: 0x1234, destinationPort: 53, payload: hex('0102030405') }, ends)
    expect(net.parseUdp(bytes, ends)).toEqual({
      sourcePort: 0x1234,
      destinationPort: 53,
      payload: hex('0102030405'),
    })
    // Sum by hand: c000+0201+c000+0202 + 0011+000d + 1234+0035+000d + 0102+0304+0500.
    expect((bytes[6]! << 8) | bytes[7]!).toBe(
      ~((0xc000 * 2 + 0x403 + 0x11 + 0xd + 0x1234 + 0x35 + 0xd + 0x906) % 0xffff) & 0xffff,
    )
    bytes[9]! ^= 1
    expect(net.parseUdp(bytes, ends)).toBeUndefined()
  })

  test('may come without a checksum over IPv4 only', () => {
    const v4 = { source: '192.0.2.1', destination: '192.0.2.2' }
    const v6 = { source: '2001:db8::1', destination: '2001:db8::2' }
    const bytes = hex('0001 0002 0009 0000 ff')
    expect(net.parseUdp(bytes, v4)?.payload).toEqual(hex('ff'))
    expect(net.parseUdp(bytes, v6)).toBeUndefined()
    expect(
      net.parseUdp(net.buildUdp({ sourcePort: 1, destinationPort: 2, payload: hex('ff') }, v6), v6),
    ).toBeDefined()
  })
})

describe('the responder', () => {
  const host = { mac: 'aa:aa:aa:aa:aa:aa', ipv4: '192.168.1.1', ipv6: '2001:db8::1' }
  const peer = { mac: '02:fe:00:00:00:01', ipv4: '192.168.1.2', ipv6: '2001:db8::2' }
  const fromPeer = (etherType: number, payload: Uint8Array, destination = host.mac) =>
    net.buildEthernet({ destination, source: peer.mac, etherType, payload })

  const arpRequest = (targetIp: string) =>
    fromPeer(
      net.ETHER_TYPE.arp,
      net.buildArp({
        operation: 1,
        senderMac: peer.mac,
        senderIp: peer.ipv4,
        targetMac: '00:00:00:00:00:00',
        targetIp,
      }),
      net.MAC_BROADCAST,
    )

  test('answers ARP for its address only', () => {
    expect(toHex(net.respondToFrame(host, arpRequest(host.ipv4)))).toBe(
      toHex(
        hex(
          '02fe00000001 aaaaaaaaaaaa 0806 0001 0800 06 04 0002 aaaaaaaaaaaa c0a80101 02fe00000001 c0a80102',
        ),
      ),
    )
    expect(net.respondToFrame(host, arpRequest('192.168.1.9'))).toBeUndefined()
  })

  test('answers echo over IPv4, with and without Ethernet', () => {
    const body = hex('12340001 686974')
    const ip = net.buildIpv4({
      source: peer.ipv4,
      destination: host.ipv4,
      protocol: 1,
      payload: net.buildIcmp({ type: 8, code: 0, body }),
    })
    const answer = net.parseEthernet(net.respondToFrame(host, fromPeer(net.ETHER_TYPE.ipv4, ip))!)!
    expect(answer).toMatchObject({ destination: peer.mac, source: host.mac })
    const packet = net.parseIpv4(answer.payload)!
    expect(packet).toMatchObject({ source: host.ipv4, destination: peer.ipv4 })
    expect(net.parseIcmp(packet.payload)).toEqual({ type: 0, code: 0, body })
    expect(net.respondToPacket(host, ip)).toEqual(answer.payload)
  })

  test('answers neighbour solicitations and echo over IPv6', () => {
    const group = net.solicitedNodeAddress(host.ipv6)
    expect(group).toBe('ff02::1:ff00:1')
    expect(net.multicastMac(group)).toBe('33:33:ff:00:00:01')
    const ask = { source: peer.ipv6, destination: group }
    const solicitation = net.buildIcmpv6(
      {
        type: 135,
        code: 0,
        body: net.buildNeighbor('solicitation', { flags: 0, target: host.ipv6, mac: peer.mac }),
      },
      ask,
    )
    const frame = fromPeer(
      net.ETHER_TYPE.ipv6,
      net.buildIpv6({ ...ask, nextHeader: 58, hopLimit: 255, payload: solicitation }),
    )
    const advert = net.parseIpv6(net.parseEthernet(net.respondToFrame(host, frame)!)!.payload)!
    expect(advert).toMatchObject({ source: host.ipv6, destination: peer.ipv6, hopLimit: 255 })
    expect(net.parseNeighbor(net.parseIcmpv6(advert.payload, advert)!.body)).toEqual({
      flags: 0x60,
      target: host.ipv6,
      mac: host.mac,
    })
    const ends = { source: peer.ipv6, destination: host.ipv6 }
    const echo = net.buildIpv6({
      ...ends,
      nextHeader: 58,
      payload: net.buildIcmpv6({ type: 128, code: 0, body: hex('00010002') }, ends),
    })
    const reply = net.parseIpv6(net.respondToPacket(host, echo)!)!
    expect(net.parseIcmpv6(reply.payload, reply)).toEqual({ type: 129, code: 0, body: hex('00010002') })
    expect(net.respondToPacket({ ...host, ipv6: undefined }, echo)).toBeUndefined()
  })

  test('is silent to anything else, whatever the bytes', () => {
    const mutated = fc
      .tuple(fc.array(fc.tuple(fc.nat(97), fc.nat(255)), { maxLength: 6 }), fc.nat(98))
      .map(([edits, length]) => {
        const bytes = PING.slice(0, length)
        for (const [at, byte] of edits) if (at < length) bytes[at] = byte
        return bytes
      })
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 120 })), (bytes) => {
        net.respondToFrame({ ...host, ipv4: '192.168.1.2' }, bytes)
        net.respondToPacket(host, bytes)
      }),
      { numRuns: 20_000 },
    )
  })
})

describe('PcapStream', () => {
  test('writes a capture that a reader of the format understands', async () => {
    const stream = new net.PcapStream({ mode: 'ip', snapLength: 4 })
    stream.write(hex('010203'))
    stream.end(hex('0102030405'))
    const before = BigInt(Date.now())
    const file = Buffer.concat((await stream.toArray()) as Buffer[])
    expect(file.subarray(0, 24).toString('hex')).toBe('4d3cb2a10200040000000000000000000400000065000000')
    expect(file.subarray(32, 43).toString('hex')).toBe('0300000003000000010203')
    expect(file.subarray(51, 63).toString('hex')).toBe('040000000500000001020304')
    expect(file).toHaveLength(63)
    const seconds = BigInt(file.readUInt32LE(24))
    expect(seconds - before / 1000n).toBeLessThanOrEqual(1n)
    expect(before / 1000n - seconds).toBeLessThanOrEqual(1n)
  })
})
