import { join } from 'node:path'
import { expect, it } from 'vitest'
import { importText } from '../idl/index.ts'
import { tempFolder } from '../testing/folder.ts'
import { loadSchema } from './load.ts'

const API = `/* Copyright (c) 2026, licensed under the Apache License */

option version = "1.0.0";

/* things of a section */

/** \\brief A pair. */
typedef pair { u8 a; };

/* far above */

autoreply define lone { u32 client_index; u32 context; };

/** \\brief Pokes.
    @param pair - both of them */
autoreply define poke { u32 client_index; u32 context; vl_api_pair_t pair; };
`

const EXPECTED = { pair: 'A pair.', lone: undefined, poke: 'Pokes.' }

async function commentsIn(input: string): Promise<Readonly<Record<string, unknown>>> {
  const module = (await loadSchema({ input })).modules.get('notes')
  const of = (comment: string | undefined) => /\\brief (.*?\.)/.exec(comment ?? '')?.[1] ?? comment
  const type = module?.types.get('pair')
  const commented = [...(type?.kind === 'struct' ? [type] : []), ...(module?.messages ?? [])]
  return Object.fromEntries(
    commented.filter(({ name }) => !name.endsWith('_reply')).map(({ name, comment }) => [name, of(comment)]),
  )
}

it('comments are those on the line above, in a single file, a source tree and JSON of VPP 26.06', async () => {
  const [imported] = importText(new Map([['plugins/notes/notes.api', API]])).modules
  const source = tempFolder({ 'src/plugins/notes/notes.api': API })
  const json = tempFolder({ 'plugins/notes.api.json': imported?.documented ?? '' })
  for (const place of [join(source, 'src/plugins/notes/notes.api'), source, json])
    expect(await commentsIn(place), place).toEqual(EXPECTED)
  expect(imported?.text).not.toContain('comment')
})

it('of JSON before 26.06, which gives a message any comment before it, only documentation is believed', async () => {
  const [imported] = importText(new Map([['plugins/notes/notes.api', API]])).modules
  const { module: _, ...document } = JSON.parse(imported?.documented ?? '') as {
    readonly module: string
    readonly messages: readonly (readonly unknown[])[]
  }
  const lone = document.messages.find(([name]) => name === 'lone')
  Object.assign(lone?.at(-1) as object, { comment: '/* far above */' })
  const folder = tempFolder({ 'plugins/notes.api.json': document })
  expect(await commentsIn(folder)).toEqual(EXPECTED)
})
