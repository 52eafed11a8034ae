import { Validator } from '@seriousme/openapi-schema-validator'
import { buildModel, http, loadSchema, renderBindings } from '@vpp-ts/binapi-generator'
import { openApiDocument } from '@vpp-ts/binapi-generator/openapi'
import { schemaRoutes } from '@vpp-ts/http'
import { Schema } from '@vpp-ts/runtime/dynamic'
import { beforeAll, describe, expect, it } from 'vitest'
import { join } from 'node:path'
import { apiDocuments } from '../conformance/bindings.ts'
import { ROOT } from '../generator/compile.ts'

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<'get' | 'post', object>>>>
  readonly components: { readonly schemas: Readonly<Record<string, object>> }
}

/** An operation without what only the generator knows. */
function plain(operations: Readonly<Record<string, object>>): object {
  return Object.entries(operations).map(([verb, operation]) => {
    return [verb, { ...operation, deprecated: undefined, description: undefined }]
  })
}

describe('the OpenAPI document of all messages of VPP 26.06', () => {
  let generated: Document
  let live: Document

  beforeAll(async () => {
    const model = buildModel(await loadSchema({ input: join(ROOT, 'api-json/26.06') }))
    const files = await renderBindings(model, { plugins: [http] })
    generated = JSON.parse(files.find(({ path }) => path === 'openapi.json')?.text ?? '') as Document
    const routes = schemaRoutes(Schema.fromApiJson(apiDocuments().map(({ document }) => document)))
    live = JSON.parse(
      JSON.stringify(openApiDocument(routes.all(), { title: 'FD.io VPP', version: '26.06', token: true })),
    ) as Document
  }, 60_000)

  it('is valid, generated and made at run time', async () => {
    for (const document of [generated, live]) {
      const { valid, errors } = await new Validator().validate({ ...structuredClone(document) })
      expect(errors).toBe(undefined)
      expect(valid).toBe(true)
    }
  })

  it('says the same, generated and made at run time', () => {
    expect(Object.keys(live.paths).toSorted()).toEqual(Object.keys(generated.paths).toSorted())
    for (const [path, operations] of Object.entries(generated.paths)) {
      expect(plain(live.paths[path] ?? {}), path).toEqual(plain(operations))
    }
    expect(live.components.schemas).toEqual(generated.components.schemas)
    expect(Object.keys(generated.paths).length).toBeGreaterThan(1000)
  })
})
