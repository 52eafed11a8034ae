import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { firstCompatibleMembers } from '../testing/compatible-members.ts'
import type { ApiBlock, ApiEnum, ApiJson, ApiMessage, ApiMessageFacts } from './api-json.ts'
import { releaseChecksum, releasePath, type ReleaseSource } from './release.ts'

/*
 * The definitions in `api-json/` are checked without VPP's source: each message CRC is computed once more from the
 * JSON, by code that shares nothing with the importer. Two things cannot be computed from the JSON and need the source:
 * which enum members are marked backwards compatible (hence the table), and `vl_api_version`, which
 * depends on the order of statements of different kinds.
 */

/** Modules and messages as counted in VPP's source; of releases that came later only `SOURCE.json` says it. */
const EXPECTED: Readonly<Record<string, readonly [modules: number, messages: number]>> = {
  '24.10': [139, 1892],
  '25.02': [142, 1949],
  '25.06': [142, 1959],
  '25.10': [142, 1979],
  '26.02': [151, 2039],
  '26.06': [152, 2123],
}

const folder = new URL('../../../api-json/', import.meta.url)

function read(path: string): string {
  return readFileSync(new URL(path, folder), 'utf8')
}

const compatible = await firstCompatibleMembers()

const names = readdirSync(folder).filter((name) => existsSync(new URL(`${name}/SOURCE.json`, folder)))

const releases = names.map((release) => {
  const source = JSON.parse(read(`${release}/SOURCE.json`)) as ReleaseSource
  const counts = EXPECTED[release] ?? [source.counts.modules, source.counts.messages]
  const files = source.modules.map(releasePath).map((path) => ({ path, text: read(`${release}/${path}`) }))
  return { release, counts, source, files }
})

/** Text of a list as Python prints it. */
function python(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(python).join(', ')}]`
  return typeof value === 'string' ? `'${value}'` : value === null ? 'None' : String(value)
}

function fieldsOf(block: ApiBlock | ApiMessage): unknown[][] {
  return block.slice(1).filter((item) => Array.isArray(item))
}

function blockText(fields: unknown[][]): string {
  return python(
    fields.map(([type, name, length, count]) =>
      typeof length === 'number' ? [type, name, length, count ?? null] : [type, name],
    ),
  )
}

function enumText([name, ...items]: ApiEnum): string {
  const members = items.filter((item): item is readonly [string, number] => Array.isArray(item))
  const end = members.findIndex(([member]) => member === compatible.get(name))
  return python(end === -1 ? members : members.slice(0, end))
}

/** CRC of every message of a module, computed from its JSON. */
function computeCrcs(json: ApiJson): Map<string, string> {
  const texts = new Map<string, { text: string; fields: unknown[][] }>()
  const add = (name: string, text: string, fields: unknown[][] = []) =>
    texts.set(`vl_api_${name}_t`, { text, fields })
  for (const block of [...json.types, ...json.unions])
    add(block[0], blockText(fieldsOf(block)), fieldsOf(block))
  for (const found of [...json.enums, ...json.enumflags]) add(found[0], enumText(found))
  for (const name of Object.keys(json.aliases)) add(name, '[]')
  const fold = (fields: unknown[][], start: number): number =>
    fields.reduce((crc, [type]) => {
      const found = texts.get(String(type))
      return found === undefined ? crc : fold(found.fields, crc32(found.text, crc))
    }, start)
  return new Map(
    json.messages.map((message) => {
      const fields = fieldsOf(message).slice(1)
      const crc = fold(fields, crc32(blockText(fields)))
      return [message[0], `0x${crc.toString(16).padStart(8, '0')}`] as const
    }),
  )
}

describe('api-json', () => {
  it('holds these releases, and later ones', () => {
    expect(names.toSorted().slice(0, Object.keys(EXPECTED).length)).toEqual(Object.keys(EXPECTED))
    for (const name of names) expect(name).toMatch(/^\d+\.\d+(?:-rc\d+)?$/)
  })

  describe.each(releases)('$release', ({ release, counts, source, files }) => {
    const modules = files.map((file) => ({ ...file, json: JSON.parse(file.text) as ApiJson }))

    it('says where it comes from', () => {
      expect(source).toMatchObject({
        release,
        commit: expect.stringMatching(/^[0-9a-f]{40}$/),
        generator: '0.1.0',
      })
      // A tree that is not a git checkout has no date.
      if (release in EXPECTED || source.date !== null)
        expect(Date.parse(source.date ?? '')).toBeGreaterThan(Date.parse('2024-10-01'))
    })

    it('has the files, the checksum and the counts that SOURCE.json states', () => {
      const found = ['core', 'plugins'].flatMap((origin) =>
        readdirSync(new URL(`${release}/${origin}/`, folder)).map((name) => `${origin}/${name}`),
      )
      expect(found.toSorted()).toEqual(files.map(({ path }) => path).toSorted())
      expect(releaseChecksum(files)).toBe(source.checksum)
      expect([source.counts.modules, source.counts.messages]).toEqual(counts)
      expect(files).toHaveLength(source.counts.modules)
      expect(modules.flatMap(({ json }) => json.messages)).toHaveLength(source.counts.messages)
      expect(modules.flatMap(({ json }) => Object.keys(json.services))).toHaveLength(source.counts.services)
    })

    it('has the CRC of every message right', () => {
      for (const { path, json } of modules) {
        const stated = json.messages.map((message) => [message[0], (message.at(-1) as ApiMessageFacts).crc])
        expect([path, ...computeCrcs(json)]).toEqual([path, ...stated])
      }
    })

    it('is in the layout of VPP: ASCII, four blanks, all keys in order, no comments', () => {
      for (const { path, text, json } of modules) {
        const integers = text.replaceAll(/(\d)\.0(?=[,\n])/g, '$1')
        expect(integers, path).toBe(`${JSON.stringify(json, null, 4)}\n`)
        expect(text, path).toMatch(/^[\n -~]*$/)
        expect(text, path).not.toContain('"comment"')
        expect(json.module, path).toBe(/([^/]+)\.api\.json$/.exec(path)?.[1])
        expect(json.vl_api_version, path).toMatch(/^0x(?:0|[1-9a-f][0-9a-f]*)$/)
      }
    })

    it('has a CRC for the message range of every module', () => {
      for (const { rangeCrc, module } of source.modules) expect(rangeCrc, module).toMatch(/^[0-9a-f]{8}$/)
    })

    it('marks the sample plugin and the fixtures of a test as not installed, and nothing else', () => {
      const marked = source.modules.filter((module) => module.installed === false)
      expect(marked.map(({ module, path }) => [module, path])).toEqual([
        ['sample', 'examples/sample-plugin/sample/sample.api'],
        ['vat2_test', 'vat2/test/vat2_test.api'],
      ])
    })
  })

  it('agrees with values that VPP 26.06 is known to use', () => {
    const found = releases.find(({ release }) => release === '26.06')
    const { source, files } = found ?? { source: undefined, files: [] }
    const json = (path: string) =>
      JSON.parse(files.find((file) => file.path === path)?.text ?? '{}') as ApiJson
    const range = (name: string) => source?.modules.find(({ module }) => module === name)?.rangeCrc
    expect([json('plugins/abf.api.json').vl_api_version, range('abf')]).toEqual(['0xf2367b47', '70fd229c'])
    expect(range('arp')).toBe('cfdf7292')
    const crcs = computeCrcs(json('core/memclnt.api.json'))
    expect([crcs.get('control_ping'), crcs.get('control_ping_reply')]).toEqual(['0x51077d14', '0xf6b0b8ca'])
    expect(computeCrcs(json('core/interface.api.json')).get('sw_interface_set_flags')).toBe('0xf5aec1b8')
  })
})
