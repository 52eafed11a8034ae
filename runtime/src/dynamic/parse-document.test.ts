import { expect, it } from 'vitest'
import { parseDocument } from './parse-document.ts'
import { Schema } from './schema.ts'

/** A message with one field of each 64-bit type, as text: a value of JavaScript would be rounded already. */
const text = (unsigned: string, signed: string) => `{
  "module": "m",
  "messages": [["x", ["u16", "_vl_msg_id"], ["u32", "client_index"], ["u32", "context"],
    ["u64", "u", {"default": ${unsigned}}], ["i64", "i", {"default" : ${signed} }], {"crc": "0x00000001"}]]
}`

it.each([
  ['18446744073709551615', '-9223372036854775808'],
  ['9007199254740993', '9223372036854775807'],
  ['7', '-7'],
])('keeps the default %s of a 64-bit field, and %s', (unsigned, signed) => {
  const schema = Schema.fromApiJson([parseDocument(text(unsigned, signed))])
  const type = schema.message('x')
  expect({ ...new type() }).toEqual({ u: BigInt(unsigned), i: BigInt(signed) })
})

it('leaves all other text alone', () => {
  expect(parseDocument('{"a": 1234567890123456, "b": "\\"default\\": 1234567890123456 "}')).toEqual({
    a: 1234567890123456,
    b: '"default": 1234567890123456 ',
  })
  expect(() => parseDocument('{')).toThrow(SyntaxError)
})
