import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { KINDS } from '../kinds/built-in.ts'
import { chunksOf } from './item-chunks.ts'
import { parseItems } from './item-files.ts'

const COUNT = 3000

function route(at: number): object {
  const prefix = `20.${at >> 8}.${at & 255}.0/24`
  return { kind: 'route', prefix, paths: [{ nextHop: '10.0.0.2', interface: 'wan' }] }
}

const ROUTES = Array.from({ length: COUNT }, (_, at) => route(at))
const FORMS: readonly [string, string][] = [
  ['a list', stringify(ROUTES)],
  ['a list after a mark and a comment', `# all of them\n---\n\n${stringify(ROUTES)}`],
  ['items', stringify({ items: ROUTES })],
  ['items with comments', stringify({ items: ROUTES }).replaceAll('  - kind', '# one\n\n  - kind')],
  ['a list of JSON in lines', JSON.stringify(ROUTES, undefined, 2)],
  ['a list of JSON', JSON.stringify(ROUTES)],
]

/** Each item with its line; of the long file, and of the same file with an anchor, which is read at once. */
async function readings(text: string): Promise<unknown[]> {
  const whole = text.startsWith('[') ? ` ${text}` : `${text}# &\n`
  const all: unknown[] = []
  for (const it of [text, whole]) {
    const { items, problems } = await parseItems(Buffer.from(it), 'routes.yaml', KINDS)
    all.push({ items: Array.from(items, ({ declaration, line }) => [declaration.given, line]), problems })
  }
  return all
}

describe('a long file of items', () => {
  it.each(FORMS)('is read in parts as at once: %s', async (_name, text) => {
    const chunks = await chunksOf(Buffer.from(text))
    expect(chunks?.length).toBeGreaterThan(COUNT / 100)
    // What holds the event loop is one part.
    expect(Math.max(...(chunks ?? []).map((chunk) => chunk.text.length))).toBeLessThan(8192)
    const [inParts, atOnce] = await readings(text)
    expect(inParts).toEqual(atOnce)
    expect(inParts).toMatchObject({ problems: [] })
    expect((inParts as { items: unknown[] }).items).toHaveLength(COUNT)
  })

  it.each(FORMS)('tells the same problems: %s', async (_name, text) => {
    const wrong = text.replace('20.5.5.0/24', '20.5.5.0/99')
    const [inParts, atOnce] = await readings(wrong)
    // Where a part of JSON begins within a line is not known.
    const isLine = text.startsWith('[{')
    const { problems } = atOnce as { problems: { column: unknown }[] }
    expect(problems.map(({ column }) => typeof column)).toEqual(['number'])
    const expected = isLine ? problems.map((it) => ({ ...it, column: undefined })) : problems
    expect(inParts).toEqual({ ...(atOnce as object), problems: expected })
    expect(inParts).toMatchObject({ problems: [{ field: 'prefix' }] })
  })

  it('returns nothing when part of it is not YAML', async () => {
    const text = stringify(ROUTES).replace('prefix: 20.5.5.0/24', 'prefix: "20.5.5.0/24')
    const [inParts, atOnce] = await readings(text)
    expect(inParts).toMatchObject({ items: [], problems: [{ unreadable: true }] })
    expect(atOnce).toMatchObject({ items: [] })
  })

  it.each(['&all', '*all', '!!str x', '--- x'])(
    'is read at once where parts belong together: %s',
    async (part) => {
      const text = stringify(ROUTES).replace('wan', part)
      expect(await chunksOf(Buffer.from(part.startsWith('-') ? `${text}${part}\n` : text))).toBeUndefined()
    },
  )

  it('lets others have their turn', async () => {
    let turns = 0
    const timer = setInterval(() => turns++, 0)
    await parseItems(Buffer.from(stringify(ROUTES)), 'routes.yaml', KINDS)
    clearInterval(timer)
    expect(turns).toBeGreaterThan(3)
  })
})
