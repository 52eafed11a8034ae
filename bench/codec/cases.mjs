import { inBinary } from '@vpp-ts/runtime'
import { ByteWriter, codecOf } from '@vpp-ts/runtime/internal'
import { repeat } from '../harness/measure.mjs'
import { FIXTURES } from './fixtures.mjs'
import { HAND_WRITTEN } from './hand-written.mjs'
import { messageClass } from './messages.mjs'

const ID = 0x1234
const CLIENT = 0x80000001
const CONTEXT = 7

/** Bytes that are gathered before the memory is used again, as in a connection. */
const FLUSH_AT = 32 * 1024

export const names = FIXTURES.flatMap(({ message, title = message }) => [
  `codec/${title}/encode`,
  `codec/${title}/decode`,
])

/** Encoding and decoding, with the header, by both engines, by hand, by GoVPP and by vpp_papi. */
export async function cases({ peers }) {
  const made = await Promise.all(FIXTURES.map((fixture) => casesOf(fixture, peers)))
  return made.flat()
}

async function casesOf({ module, message, title = message, values }, peers) {
  const type = await messageClass(module, message)
  const compiled = codecOf(type.descriptor, 'compiled')
  const closures = codecOf(type.descriptor, 'interpreted')
  const messages = values.map((value) => encodeOnce(compiled, value))
  const instances = messages.map((bytes) => compiled.decode(bytes, 0, bytes.length))
  const binary = codecOf(inBinary(type).descriptor, 'compiled')
  const inNumbers = messages.map((bytes) => binary.decode(bytes, 0, bytes.length))
  const byHand = HAND_WRITTEN[message]
  if (byHand !== undefined) checkHandWritten(message, byHand, instances[0], messages[0])
  const request = { hex: messages.map((bytes) => bytes.toString('hex')).join() }
  return [
    {
      name: `codec/${title}/encode`,
      shows: 'time',
      subjects: [
        encoder('ours, instance', compiled, instances),
        encoder('ours, plain object', compiled, values),
        encoder('ours, binary form', compiled, inNumbers),
        encoder('ours, plain object, binary form', compiled, values.map(plainOf(inNumbers))),
        encoder('ours, closures', closures, instances),
        ...(byHand ? [encoder('by hand', byHand, instances)] : []),
        ...peerSubjects(peers, message, 'encode', request),
      ],
      targets: targets(message === 'acl_add_replace' ? 'ours, binary form' : 'ours, instance'),
    },
    {
      name: `codec/${title}/decode`,
      shows: 'time',
      subjects: [
        decoder('ours', compiled, messages),
        decoder('ours, binary form', binary, messages),
        decoder('ours, closures', closures, messages),
        ...(byHand ? [decoder('by hand', byHand, messages)] : []),
        ...peerSubjects(peers, message, 'decode', request),
      ],
      targets: targets(message === 'acl_add_replace' ? 'ours, binary form' : 'ours'),
    },
  ]
}

/** Makes the literal that a program would write, with the addresses of a message in binary form. */
function plainOf(inNumbers) {
  const withForms = (value, binary) => {
    if (Array.isArray(value)) return value.map((item, index) => withForms(item, binary[index]))
    if (typeof value === 'string') return typeof binary === 'object' ? binary : value
    if (typeof value !== 'object' || value === null || typeof binary !== 'object') return value
    // A copy has the shape of the literal that it is a copy of.
    const copy = { ...value }
    for (const [name, item] of Object.entries(value)) copy[name] = withForms(item, binary[name])
    return copy
  }
  return (value, index) => withForms(value, inNumbers[index])
}

/** Of an access list, whose 400 prefixes are numbers for the peer, the binary form is compared. */
function targets(subject) {
  return [
    { subject, against: 'GoVPP', ratio: 1 },
    { subject, against: 'vpp_papi', ratio: 30 },
  ]
}

function encodeOnce(codec, value) {
  const writer = new ByteWriter()
  codec.encode(writer, value, ID, CLIENT, CONTEXT)
  return Buffer.from(writer.take())
}

function encoder(name, codec, values) {
  const writer = new ByteWriter(2 * FLUSH_AT)
  const body = `codec.encode(writer, item, ${ID}, ${CLIENT}, ${CONTEXT}); if (writer.length > ${FLUSH_AT}) writer.clear()`
  const operation = operationOf(body, codec, values, writer)
  return { name, measure: (milliseconds) => repeat(milliseconds, operation) }
}

/** What was decoded last: kept, so that the engine cannot leave the work out. */
const kept = { message: undefined }

function decoder(name, codec, messages) {
  const operation = operationOf('kept.message = codec.decode(item, 0, item.length)', codec, messages)
  return { name, measure: (milliseconds) => repeat(milliseconds, operation) }
}

/**
 * A function that does something with one item after the other. It is made for each subject: V8 learns by function, and
 * one that all subjects shared would be measured as the slowest common code.
 */
function operationOf(body, codec, items, writer) {
  const text = `let next = 0
    return () => {
      const item = items[next]
      ${body}
      if (++next === items.length) next = 0
    }`
  return new Function('codec', 'items', 'writer', 'kept', text)(codec, items, writer, kept)
}

/**
 * GoVPP's codec is what its clients call, and adds the header as ours does; the methods that it generates do neither
 * that nor catch panics. "text" parses and prints the prefixes as well: a program has them as text, and ours takes and
 * gives text.
 */
function peerSubjects(peers, message, work, request) {
  const govpp = peers.govpp('codec')
  const papi = peers.papi('codec')
  const subject = (name, peer, suffix) => ({
    name,
    measure: (milliseconds) =>
      peer.measure({ ...request, case: `${message}/${work}${suffix}`, milliseconds }),
  })
  return [
    ...(govpp ? [subject('GoVPP', govpp, '-message'), subject('GoVPP, generated method', govpp, '')] : []),
    ...(govpp && message === 'acl_add_replace' ? [subject('GoVPP, text', govpp, '-text')] : []),
    ...(papi ? [subject('vpp_papi', papi, '')] : []),
  ]
}

function checkHandWritten(message, codec, instance, bytes) {
  const again = codec.decode(bytes, 0, bytes.length)
  const same =
    JSON.stringify(instance) === JSON.stringify(Object.setPrototypeOf(again, Object.getPrototypeOf(instance)))
  if (!encodeOnce(codec, instance).equals(bytes) || !same) {
    throw new Error(`the codec of ${message} that is written by hand is wrong`)
  }
}
