import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as fc from 'fast-check'
import {
  buildModel,
  generate,
  loadSchema,
  zod,
  type Model,
  type ModelMessage,
} from '@vpp-ts/binapi-generator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blocks } from '../conformance/arbitrary.ts'
import { generatedBindings, type AnyMessageClass, type Bindings } from '../conformance/bindings.ts'
import { toInput } from '../conformance/neutral.ts'
import { ROOT } from '../generator/compile.ts'

interface ZodSchema {
  safeParse(value: unknown): { readonly success: boolean; readonly error?: unknown }
}

const input = join(ROOT, 'api-json/26.06')
// Within the checkout, where zod is found.
const folder = mkdtempSync(join(ROOT, 'test', 'http', 'schemas-'))
let bindings: Bindings
let model: Model

beforeAll(async () => {
  bindings = await generatedBindings()
  model = buildModel(await loadSchema({ input }))
  await generate({ input, outputDir: folder, plugins: [zod], importExtension: '.ts' })
}, 60_000)

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** The schemas of all messages, each with the class of its message. */
async function* schemas(): AsyncGenerator<{
  message: ModelMessage
  schema: ZodSchema
  type: AnyMessageClass
}> {
  for (const { name, messages, methods } of model.modules) {
    if (methods.length === 0) continue
    const file = (await import(pathToFileURL(join(folder, name, 'zod.ts')).href)) as Record<string, ZodSchema>
    for (const message of messages) {
      const schema = file[`${message.name}Schema`]
      if (schema !== undefined) yield { message, schema, type: bindings(name, message.wireName) }
    }
  }
}

/** JSON of a message with any values, and of one that is made of nothing. */
function samplesOf(type: AnyMessageClass, seed: number): unknown[] {
  const { fields } = type.descriptor
  const [value = {}] = fc.sample(blocks(fields), { seed, numRuns: 1 })
  return [toInput(fields, value), {}].map((init): unknown => {
    return JSON.parse(JSON.stringify(new type(init as never)))
  })
}

describe('zod schemas of all messages of VPP 26.06', () => {
  it.each([1, 2, 3])('take the JSON of messages with any values, seed %i', async (seed) => {
    let checked = 0
    for await (const { message, schema, type } of schemas()) {
      for (const sample of samplesOf(type, seed * 10_000 + checked)) {
        expect(schema.safeParse(sample).error, `${message.wireName} ${JSON.stringify(sample)}`).toBe(
          undefined,
        )
      }
      checked++
    }
    expect(checked).toBeGreaterThan(2000)
  })

  it('refuse what has a property too many, or a wrong type', async () => {
    let checked = 0
    for await (const { message, schema, type } of schemas()) {
      const [, plain] = samplesOf(type, 1)
      expect(schema.safeParse({ ...(plain as object), nonsense: 1 }).success, message.wireName).toBe(false)
      for (const property of Object.keys(plain as object)) {
        const wrong = { ...(plain as object), [property]: { of: 'no type' } }
        expect(schema.safeParse(wrong).success, `${message.wireName}.${property}`).toBe(false)
        checked++
      }
    }
    expect(checked).toBeGreaterThan(4000)
  })
})
