import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { GeneratorError } from '../errors.ts'
import { buildModel } from '../model/build.ts'
import { renderBindings } from '../generate.ts'
import { bundled } from '../testing/folder.ts'
import { checkInput } from '../schema/check-input.ts'
import { loadShapeCheck } from '../schema/validate.ts'

const FILES = ['core/ip_types', 'core/interface_types', 'core/memclnt', 'core/flow_types', 'plugins/igmp']
const DOCUMENTS = FILES.map((file) => readFileSync(join(bundled('26.06'), `${file}.api.json`), 'utf8'))

/** What a value is replaced by. */
const junk = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1e9,
    4294967296,
    0.5,
    '',
    'u8',
    'string',
    'vl_api_address_t',
    [],
    {},
    [[]],
  ),
  fc.constantFrom<unknown>(
    ['u8', 'x'],
    ['u8', 'x', 0],
    ['u8', 'x', 0, 'y'],
    ['string', 'x'],
    ['vl_api_address_t', 'x', 4],
  ),
  fc.constantFrom<unknown>(
    { default: 5 },
    { discriminator: 'af' },
    { case: 'ADDRESS_IP4' },
    { type: 'u8' },
    { reply: 'null' },
  ),
  fc.string({ maxLength: 5 }),
)

interface Change {
  readonly at: readonly number[]
  readonly how: 'replace' | 'remove' | 'repeat'
  readonly by: unknown
}

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.array(fc.nat(), { minLength: 1, maxLength: 5 }),
  how: fc.constantFrom('replace', 'remove', 'repeat'),
  by: junk,
})

/** Changes something inside a document; the numbers say where, whatever is there. */
function damage(json: unknown, { at, how, by }: Change): void {
  let node = json as Record<string, unknown>
  for (const [depth, step] of at.entries()) {
    const keys = Object.keys(node)
    const key = keys[step % keys.length]
    if (key === undefined) return
    const child = node[key]
    if (depth < at.length - 1 && typeof child === 'object' && child !== null)
      node = child as Record<string, unknown>
    else if (how === 'repeat' && Array.isArray(node)) return void node.push(child)
    else if (how === 'remove')
      return void (Array.isArray(node) ? node.splice(Number(key), 1) : delete node[key])
    else return void (node[key] = structuredClone(by))
  }
}

it(
  'gives bindings or a list of errors for damaged definitions, never anything else',
  { timeout: 120_000 },
  async () => {
    const check = await loadShapeCheck()
    let refused = 0
    let made = 0
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), fc.nat(), async (changes, which) => {
        const files = DOCUMENTS.map((text, index) => {
          const json = JSON.parse(text) as unknown
          if (index === (which >> 1) % DOCUMENTS.length) for (const one of changes) damage(json, one)
          const source = `${FILES[index]}.api.json`
          return { source, file: source, bytes: Buffer.from(JSON.stringify(json)) }
        })
        try {
          await renderBindings(
            buildModel(
              await checkInput(
                { files, release: undefined, label: 'damaged' },
                { shapeCheck: check, strict: which % 2 === 0 },
              ),
            ),
          )
          made += 1
        } catch (error) {
          if (!(error instanceof GeneratorError) || error.code !== 'BINAPI_INVALID') throw error
          expect(error.problems.length).toBeGreaterThan(0)
          refused += 1
        }
      }),
      { numRuns: 600 },
    )
    expect(refused).toBeGreaterThan(100)
    expect(made).toBeGreaterThan(50)
  },
)

it('says so for a file that is cut short anywhere', async () => {
  const check = await loadShapeCheck()
  const whole = DOCUMENTS[0] ?? ''
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: whole.trimEnd().length - 1 }), async (length) => {
      const file = { source: 'ip_types.api.json', file: 'x', bytes: Buffer.from(whole.slice(0, length)) }
      await expect(
        checkInput({ files: [file], release: undefined, label: 'x' }, { shapeCheck: check }),
      ).rejects.toMatchObject({
        problems: [{ code: 'json' }],
      })
    }),
  )
})
