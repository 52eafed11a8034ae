import { importText, loadSchema, buildModel, renderBindings } from '@vpp-ts/binapi-generator'
import * as fc from 'fast-check'
import { format } from 'prettier'
import { expect, it } from 'vitest'
import { compile, userProject, writeInto } from './compile.ts'
import { apiText, madeUpModule } from './made-up.ts'

const SEED = Number(process.env['FC_SEED'] ?? Date.now() % 2 ** 31)
const MODULES = 500
/** Modules whose layout is compared with prettier's, which takes a second for ten of them: `FORMATTED=500` for all. */
const FORMATTED = Number(process.env['FORMATTED'] ?? 40)

const STYLE = {
  semi: false,
  singleQuote: true,
  printWidth: 110,
  trailingComma: 'all',
  parser: 'typescript',
} as const

it(
  `${MODULES} made-up modules compile under strict flags, laid out as prettier would (FC_SEED=${SEED})`,
  { timeout: 300_000 + FORMATTED * 2000 },
  async () => {
    const texts = fc.sample(madeUpModule, { numRuns: MODULES, seed: SEED }).map(apiText)
    const files = new Map(texts.map((text, at) => [`plugins/m${at}/m${at}.api`, text]))
    const documents = importText(files).modules.map(({ module, text }) => [
      `api/plugins/${module}.api.json`,
      text,
    ])
    const folder = userProject()
    writeInto(folder, Object.fromEntries(documents) as Record<string, string>)
    const schema = await loadSchema({ input: `${folder}/api`, strict: true })
    const bindings = await renderBindings(buildModel(schema))
    expect(schema.modules.size).toBe(MODULES)
    for (const { path, text } of bindings.slice(0, FORMATTED * 3))
      expect(text, path).toBe(await format(text, STYLE))
    writeInto(folder, Object.fromEntries(bindings.map(({ path, text }) => [`src/${path}`, text])))
    expect(compile(folder, '--noEmit')).toBe('')
  },
)
