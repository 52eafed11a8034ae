import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, it } from 'vitest'

const SCHEMA = new URL('../../schema/api-json.schema.json', import.meta.url)

it('is a sound JSON Schema, strictly seen', () => {
  const ajv = new Ajv2020({ strict: true, strictTuples: false, allowUnionTypes: true })
  const schema = JSON.parse(readFileSync(SCHEMA, 'utf8')) as object
  expect(ajv.validateSchema(schema), ajv.errorsText()).toBe(true)
  expect(ajv.compile(schema)({ types: [], messages: [], vl_api_version: '0x0' })).toBe(true)
})
