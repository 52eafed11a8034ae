import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { generate } from '@vpp-ts/binapi-generator'
import { compile, userProject } from './compile.ts'
import { FIELDS, NASTY } from './nasty.ts'

/** A user's program: makes, encodes and decodes every message, calls every method. */
const PROGRAM = `
import { decodeMessage, encodeMessage } from '@vpp-ts/runtime'
import type { JsonValue, MessageDescriptor } from '@vpp-ts/runtime/codegen/v1'
import * as nasty from './binapi/nasty/index.js'
import * as types from './binapi/nasty_types/index.js'
import * as word from './binapi/default/index.js'
import * as digit from './binapi/6rd/index.js'

interface AnyClass {
  new (init?: never): object
  readonly descriptor: MessageDescriptor<object>
  fromJSON(json: JsonValue): object
}

declare const console: { log(text: string): void }

const classes = [...nasty.messages, ...word.messages, ...digit.messages] as unknown as readonly AnyClass[]
const same = (a: object, b: object) => JSON.stringify(a) === JSON.stringify(b)
const failed: string[] = []
for (const type of classes) {
  const made = new type()
  const bytes = encodeMessage(type, made as never, { context: 7 })
  const read = decodeMessage(type, bytes)
  if (!same(made, read) || !same(type.fromJSON(JSON.parse(JSON.stringify(made)) as JsonValue), made)) failed.push(type.descriptor.name)
}

const calls: string[] = []
const record = (kind: string) => (method: { readonly kind: string }, request: object) => {
  calls.push(\`\${kind} \${method.kind} \${typeof request}\`)
  return Promise.resolve({})
}
const connection = { call: record('call'), send: record('send'), dump: record('dump'), stream: record('stream'), events: record('events') }
for (const client of [new nasty.NastyClientRpc(connection as never), new digit._6rdClient(connection as never)]) {
  for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(client))) {
    if (name !== 'constructor') await (client as unknown as Record<string, () => Promise<unknown>>)[name]?.()
  }
}
const filled = new nasty.MapMessage({ user: { aFooBar: { value: 1 } }, interface: 5, then_: 6, toJSON_: 7, swIfIndex: 8 })
const arms = types.Arms.length_(3)
console.log(JSON.stringify({
  classes: classes.length,
  failed,
  calls: calls.length,
  properties: nasty.MapMessage.descriptor.fields.map(([, property]) => property).slice(2),
  filled: [filled.interface, filled.then_, filled.toJSON_, filled.swIfIndex, filled.user.aFooBar.value],
  arms: [arms.length_, arms.bytes.length, arms.constructor === types.Arms],
  enum: types.Members.descriptor_ === 0 && types.Members['__proto___'] === 1 && types.Members.class === 6,
  counted: encodeMessage(nasty.Counted, { array: [1, 2] }).length,
  options: nasty.API_OPTIONS["it's"],
}))
`

describe('names that trip up generators', () => {
  it('give code that compiles under the strictest options, and works', async () => {
    const folder = userProject({ 'program.ts': PROGRAM })
    const input = userProject({ ...NASTY })
    await generate({ input, outputDir: join(folder, 'binapi') })
    expect(compile(folder)).toBe('')
    const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'dist/program.js')], {
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    const result = JSON.parse(stdout) as Record<string, unknown> & { properties: string[] }
    expect(new Set(result.properties).size).toBe(FIELDS.length)
    expect(result).toMatchObject({
      classes: 42,
      failed: [],
      calls: 21,
      filled: [5, 6, 7, 8, 1],
      arms: [3, 1, true],
      enum: true,
      counted: 15,
      options: 'a "test" \\ of\nquotes',
    })
  })
})
