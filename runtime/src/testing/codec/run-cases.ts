import { deepStrictEqual, strictEqual } from 'node:assert'
import { codecOf } from '../../codec/codec.ts'
import { canGenerateCode } from '../../codec/shape.ts'
import { ByteWriter } from '../../codec/writer.ts'
import { HEADER, WIRE_CASES } from './cases.ts'

/**
 * Runs the wire cases with whatever engine works in this process and prints what it found. To be started with
 * `--disallow-code-generation-from-strings`.
 */
for (const { type, value, decoded = value, decodeOnly, hex } of WIRE_CASES) {
  const codec = codecOf(type.descriptor)
  const bytes = Buffer.from(hex, 'hex')
  const message = codec.decode(bytes, 0, bytes.length) as object
  deepStrictEqual(message, new type(decoded as never))
  strictEqual(message instanceof type, true)
  if (decodeOnly === true) continue
  for (const input of [value, message, new type(value as never)]) {
    const writer = new ByteWriter(16)
    codec.encode(writer, input, HEADER.id, HEADER.clientIndex, HEADER.context)
    strictEqual(writer.take().toString('hex'), hex)
  }
}
console.log(JSON.stringify({ canGenerateCode, cases: WIRE_CASES.length }))
