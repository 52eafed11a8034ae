/** `ip_route_add_del` and `ip_route_details` by hand: structs in arrays in structs, and a union. */

const PATH_SIZE = 167
const LABELS = 16
const LABEL_SIZE = 7
const ROUTE_SIZE = 27

class Union {
  constructor(words) {
    this['~words'] = words
  }
}

function writeUnion(b, at, union) {
  for (let i = 0; i < 4; i++) b.writeInt32BE(union['~words'][i], at + 4 * i)
}

function readUnion(b, at) {
  return new Union([b.readInt32BE(at), b.readInt32BE(at + 4), b.readInt32BE(at + 8), b.readInt32BE(at + 12)])
}

function writePath(b, at, path) {
  b.writeUInt32BE(path.swIfIndex, at)
  b.writeUInt32BE(path.tableId, at + 4)
  b.writeUInt32BE(path.rpfId, at + 8)
  b.writeUInt8(path.weight, at + 12)
  b.writeUInt8(path.preference, at + 13)
  b.writeUInt32BE(path.type, at + 14)
  b.writeUInt32BE(path.flags, at + 18)
  b.writeUInt32BE(path.proto, at + 22)
  writeUnion(b, at + 26, path.nh.address)
  b.writeUInt32BE(path.nh.viaLabel, at + 42)
  b.writeUInt32BE(path.nh.objId, at + 46)
  b.writeUInt32BE(path.nh.classifyTableIndex, at + 50)
  b.writeUInt8(path.nLabels, at + 54)
  if (path.labelStack.length !== path.nLabels || path.nLabels > LABELS) throw new RangeError('labelStack')
  for (let i = 0; i < path.nLabels; i++) {
    const label = path.labelStack[i]
    const o = at + 55 + LABEL_SIZE * i
    b.writeUInt8(label.isUniform, o)
    b.writeUInt32BE(label.label, o + 1)
    b.writeUInt8(label.ttl, o + 5)
    b.writeUInt8(label.exp, o + 6)
  }
}

function readPath(b, at) {
  const nLabels = b.readUInt8(at + 54)
  const labelStack = []
  for (let i = 0; i < Math.min(nLabels, LABELS); i++) {
    const o = at + 55 + LABEL_SIZE * i
    labelStack.push({
      isUniform: b.readUInt8(o),
      label: b.readUInt32BE(o + 1),
      ttl: b.readUInt8(o + 5),
      exp: b.readUInt8(o + 6),
    })
  }
  return {
    swIfIndex: b.readUInt32BE(at),
    tableId: b.readUInt32BE(at + 4),
    rpfId: b.readUInt32BE(at + 8),
    weight: b.readUInt8(at + 12),
    preference: b.readUInt8(at + 13),
    type: b.readUInt32BE(at + 14),
    flags: b.readUInt32BE(at + 18),
    proto: b.readUInt32BE(at + 22),
    nh: {
      address: readUnion(b, at + 26),
      viaLabel: b.readUInt32BE(at + 42),
      objId: b.readUInt32BE(at + 46),
      classifyTableIndex: b.readUInt32BE(at + 50),
    },
    nLabels,
    labelStack,
  }
}

/** An IPv4 prefix; these fixtures have no others. */
function writePrefix(b, at, text) {
  const [address, length] = text.split('/')
  const octets = address.split('.')
  for (let i = 0; i < 4; i++) b.writeUInt8(Number(octets[i]), at + 1 + i)
  b.writeUInt8(Number(length), at + 17)
}

function readPrefix(b, at) {
  return `${b[at + 1]}.${b[at + 2]}.${b[at + 3]}.${b[at + 4]}/${b[at + 17]}`
}

function writeRoute(writer, at, route) {
  const b = writer.bytes
  b.writeUInt32BE(route.tableId, at)
  b.writeUInt32BE(route.statsIndex, at + 4)
  writePrefix(b, at + 8, route.prefix)
  b.writeUInt8(route.paths.length, at + 26)
  const start = writer.reserve(route.paths.length * PATH_SIZE)
  route.paths.forEach((path, index) => writePath(writer.bytes, start + index * PATH_SIZE, path))
}

function readRoute(b, at, end) {
  const count = b.readUInt8(at + 26)
  if (at + ROUTE_SIZE + count * PATH_SIZE > end) throw new RangeError('too short')
  const paths = []
  for (let i = 0; i < count; i++) paths.push(readPath(b, at + ROUTE_SIZE + i * PATH_SIZE))
  return {
    tableId: b.readUInt32BE(at),
    statsIndex: b.readUInt32BE(at + 4),
    prefix: readPrefix(b, at + 8),
    paths,
  }
}

export const ipRouteDetails = {
  encode(writer, value, id, _, context) {
    const o = writer.reserve(6 + ROUTE_SIZE)
    writer.bytes.writeUInt16BE(id, o)
    writer.bytes.writeUInt32BE(context, o + 2)
    writeRoute(writer, o + 6, value.route)
  },
  decode(b, o, end) {
    if (o + 6 + ROUTE_SIZE > end) throw new RangeError('too short')
    return { route: readRoute(b, o + 6, end) }
  },
}

export const ipRouteAddDel = {
  encode(writer, value, id, clientIndex, context) {
    const o = writer.reserve(12 + ROUTE_SIZE)
    writer.bytes.writeUInt16BE(id, o)
    writer.bytes.writeUInt32BE(clientIndex, o + 2)
    writer.bytes.writeUInt32BE(context, o + 6)
    writer.bytes.writeUInt8(value.isAdd ? 1 : 0, o + 10)
    writer.bytes.writeUInt8(value.isMultipath ? 1 : 0, o + 11)
    writeRoute(writer, o + 12, value.route)
  },
  decode(b, o, end) {
    if (o + 12 + ROUTE_SIZE > end) throw new RangeError('too short')
    return {
      isAdd: b.readUInt8(o + 10) !== 0,
      isMultipath: b.readUInt8(o + 11) !== 0,
      route: readRoute(b, o + 12, end),
    }
  },
}
