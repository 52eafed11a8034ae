import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import { generate, http, rpc } from '@vpp-ts/binapi-generator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT, compile, userProject } from '../generator/compile.ts'

const input = join(ROOT, 'api-json/26.06')

describe('--gen http of all modules of VPP 26.06', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vpp-ts-http-'))

  beforeAll(async () => {
    await generate({ input, outputDir: folder, plugins: [rpc, http] })
  })

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  it('gives an OpenAPI document that is valid', async () => {
    const document = JSON.parse(readFileSync(join(folder, 'openapi.json'), 'utf8')) as {
      paths: Record<string, object>
    }
    const result = await new Validator().validate(document)
    expect(result.errors).toBe(undefined)
    expect(result.valid).toBe(true)
    expect(Object.keys(document.paths).length).toBeGreaterThan(1000)
  })
})

it('what --gen http gives of all modules compiles under the strictest options', async () => {
  const folder = userProject()
  await generate({ input, outputDir: join(folder, 'binapi'), plugins: [http] })
  expect(compile(folder)).toBe('')
})
