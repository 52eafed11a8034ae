import { formatMac, parseMac } from './hand-written-mac.mjs'
import { ipRouteAddDel, ipRouteDetails } from './hand-written-route.mjs'

/**
 * The codecs of three messages as a generator that emits bodies would write them, with Node's own Buffer methods and the
 * same checks: what generated source would have to beat.
 */

const SIZE = 295
const NAME = 64

function writeText(bytes, at, text) {
  if (Buffer.byteLength(text) >= NAME) throw new RangeError('text too long')
  bytes.write(text, at, NAME - 1, 'utf8')
}

function readText(bytes, at) {
  let end = at
  while (end < at + NAME && bytes[end] !== 0) end++
  return bytes.toString('utf8', at, end)
}

const swInterfaceDetails = {
  encode(writer, value, id, _, context) {
    const o = writer.reserve(SIZE)
    const b = writer.bytes
    b.writeUInt16BE(id, o)
    b.writeUInt32BE(context, o + 2)
    b.writeUInt32BE(value.swIfIndex, o + 6)
    b.writeUInt32BE(value.supSwIfIndex, o + 10)
    parseMac(b, o + 14, value.l2Address)
    b.writeUInt32BE(value.flags, o + 20)
    b.writeUInt32BE(value.type, o + 24)
    b.writeUInt32BE(value.linkDuplex, o + 28)
    b.writeUInt32BE(value.linkSpeed, o + 32)
    b.writeUInt16BE(value.linkMtu, o + 36)
    if (value.mtu.length !== 4) throw new RangeError('mtu')
    for (let i = 0; i < 4; i++) b.writeUInt32BE(value.mtu[i], o + 38 + 4 * i)
    b.writeUInt32BE(value.subId, o + 54)
    b.writeUInt8(value.subNumberOfTags, o + 58)
    b.writeUInt16BE(value.subOuterVlanId, o + 59)
    b.writeUInt16BE(value.subInnerVlanId, o + 61)
    b.writeUInt32BE(value.subIfFlags, o + 63)
    b.writeUInt32BE(value.vtrOp, o + 67)
    b.writeUInt32BE(value.vtrPushDot1q, o + 71)
    b.writeUInt32BE(value.vtrTag1, o + 75)
    b.writeUInt32BE(value.vtrTag2, o + 79)
    b.writeUInt16BE(value.outerTag, o + 83)
    parseMac(b, o + 85, value.bDmac)
    parseMac(b, o + 91, value.bSmac)
    b.writeUInt16BE(value.bVlanid, o + 97)
    b.writeUInt32BE(value.iSid, o + 99)
    writeText(b, o + 103, value.interfaceName)
    writeText(b, o + 167, value.interfaceDevType)
    writeText(b, o + 231, value.tag)
  },

  decode(b, o, end) {
    if (o + SIZE > end) throw new RangeError('too short')
    const mtu = []
    for (let i = 0; i < 4; i++) mtu.push(b.readUInt32BE(o + 38 + 4 * i))
    return {
      swIfIndex: b.readUInt32BE(o + 6),
      supSwIfIndex: b.readUInt32BE(o + 10),
      l2Address: formatMac(b, o + 14),
      flags: b.readUInt32BE(o + 20),
      type: b.readUInt32BE(o + 24),
      linkDuplex: b.readUInt32BE(o + 28),
      linkSpeed: b.readUInt32BE(o + 32),
      linkMtu: b.readUInt16BE(o + 36),
      mtu,
      subId: b.readUInt32BE(o + 54),
      subNumberOfTags: b.readUInt8(o + 58),
      subOuterVlanId: b.readUInt16BE(o + 59),
      subInnerVlanId: b.readUInt16BE(o + 61),
      subIfFlags: b.readUInt32BE(o + 63),
      vtrOp: b.readUInt32BE(o + 67),
      vtrPushDot1q: b.readUInt32BE(o + 71),
      vtrTag1: b.readUInt32BE(o + 75),
      vtrTag2: b.readUInt32BE(o + 79),
      outerTag: b.readUInt16BE(o + 83),
      bDmac: formatMac(b, o + 85),
      bSmac: formatMac(b, o + 91),
      bVlanid: b.readUInt16BE(o + 97),
      iSid: b.readUInt32BE(o + 99),
      interfaceName: readText(b, o + 103),
      interfaceDevType: readText(b, o + 167),
      tag: readText(b, o + 231),
    }
  },
}

export const HAND_WRITTEN = {
  sw_interface_details: swInterfaceDetails,
  ip_route_add_del: ipRouteAddDel,
  ip_route_details: ipRouteDetails,
}
