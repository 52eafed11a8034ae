import { execFile, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importText, type ImportedModule } from './import-text.ts'
import { releasePath, type ReleaseSource } from './release.ts'
import { revisionOf } from './revision.ts'
import { findSourceRoot, importTree } from './source-tree.ts'

/**
 * The importer against the tool of VPP itself, file by file. Needs `VPP_SOURCE_TREE` (a checkout of VPP) and a
 * python3 that has the package `ply`.
 */
const tree = process.env['VPP_SOURCE_TREE'] ?? ''

function whyNot(): string | undefined {
  if (tree === '') return 'VPP_SOURCE_TREE names no source tree of VPP'
  const { status } = spawnSync('python3', ['-c', 'import ply'])
  return status === 0 ? undefined : "VPP's tool needs python3 with the package ply"
}

const reason = whyNot()
if (reason !== undefined) console.info(`The importer is not compared with VPP's own tool: ${reason}.`)

const run = promisify(execFile)
/** Processes of VPP's tool at a time; each takes a fraction of a second. */
const PROCESSES = 2

/** VPP's own tool, writing into its own folder. */
class VppTool {
  readonly root: string
  readonly #folder = mkdtempSync(join(tmpdir(), 'idl-tool-'))

  constructor(root: string) {
    this.root = root
  }

  /** What it writes as JSON, comments removed. */
  async json(file: string, includes: readonly string[] = [this.root]): Promise<string> {
    return withoutComments(await this.#run(file, includes, 'JSON'))
  }

  /** The CRC of the file that it puts into the C header. */
  async cModeCrc(file: string): Promise<string> {
    const header = await this.#run(file, [this.root])
    const crc = /^vl_api_version\(.*, 0x([0-9a-f]+)\)$/m.exec(header)?.[1]
    return (crc ?? 'none').padStart(8, '0')
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true })
  }

  async #run(file: string, includes: readonly string[], ...module: string[]): Promise<string> {
    const folder = mkdtempSync(join(this.#folder, 'run-'))
    const output = join(folder, 'output')
    const paths = includes.flatMap((include) => ['--includedir', include])
    const files = ['--input', file, ...module, '--outputdir', folder, '--output', output]
    const tool = join(this.root, 'tools', 'vppapigen', 'vppapigen')
    await run('python3', ['-B', tool, ...paths, ...files], { maxBuffer: 1 << 26 })
    return readFileSync(output, 'utf8')
  }
}

/** Comments end a message's facts, or are in a separate object behind the fields of a struct. */
function withoutComments(json: string): string {
  const comment = String.raw`"comment": "(?:[^"\\]|\\.)*"`
  return json
    .replaceAll(new RegExp(String.raw`,\n +\{\n +${comment}\n +\}`, 'g'), '')
    .replaceAll(new RegExp(String.raw`,\n +${comment}`, 'g'), '')
}

/** True for output of the tool as it is since 26.06: it names the module, and options take words as values. */
function isCurrent(json: string): boolean {
  return json.startsWith('{\n    "module"')
}

/** Every byte must be the same, except that older tools leave out the name of the module. */
function comparable(text: string, oracle: string): [ours: string, theirs: string] {
  return [isCurrent(oracle) ? text : text.replace(/^ {4}"module": .*\n/m, ''), oracle]
}

/** Calls a function for all items, a few at a time. */
async function forAll<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const queue = [...items]
  const worker = async () => {
    for (let item = queue.pop(); item !== undefined; item = queue.pop()) await work(item)
  }
  await Promise.all(Array.from({ length: PROCESSES }, worker))
}

describe.runIf(reason === undefined)(`the importer and VPP's own tool (${tree})`, () => {
  let tool: VppTool
  let modules: readonly ImportedModule[] = []

  beforeAll(async () => {
    tool = new VppTool(await findSourceRoot(tree))
    modules = (await importTree(tree)).modules
  })

  afterAll(() => tool.remove())

  it('write the same JSON for every file, comments aside', async () => {
    expect(modules.length).toBeGreaterThan(100)
    await forAll(modules, async ({ path, text }) => {
      const [ours, theirs] = comparable(text, await tool.json(join(tool.root, path)))
      expect(ours, path).toBe(theirs)
    })
  }, 600_000)

  it('compute the same CRC for every message range', async () => {
    await forAll(modules, async ({ path, cModeCrc }) => {
      expect(await tool.cModeCrc(join(tool.root, path)), path).toBe(cModeCrc)
    })
  }, 600_000)

  it('write the same JSON for random files', async () => {
    const words = isCurrent(await tool.json(join(tool.root, modules[0]?.path ?? '')))
    const folder = mkdtempSync(join(tmpdir(), 'idl-random-'))
    try {
      const seeds = Array.from({ length: 100 }, (_, index) => index)
      await forAll(seeds, async (seed) => {
        const files = new Map([
          [`s${seed}/base.api`, randomFile(seed + 1_000, words, undefined)],
          [`s${seed}/main.api`, randomFile(seed, words, `s${seed}/base.api`)],
        ])
        for (const [path, text] of files) {
          mkdirSync(dirname(join(folder, path)), { recursive: true })
          writeFileSync(join(folder, path), text)
        }
        const main = importText(files).modules.find(({ module }) => module === 'main')
        const file = join(folder, `s${seed}`, 'main.api')
        const [ours, theirs] = comparable(main?.text ?? '', await tool.json(file, [folder]))
        expect(ours, files.get(`s${seed}/main.api`)).toBe(theirs)
      })
    } finally {
      rmSync(folder, { recursive: true })
    }
  }, 600_000)

  it('give the files that are committed for this commit', async () => {
    const { commit } = await revisionOf(tree, {})
    const folder = new URL('../../../api-json/', import.meta.url)
    const releases = ['24.10', '25.02', '25.06', '25.10', '26.02', '26.06'].map(
      (release) => new URL(`${release}/`, folder),
    )
    const committed = releases.find((url) => {
      const source = JSON.parse(readFileSync(new URL('SOURCE.json', url), 'utf8')) as ReleaseSource
      return source.commit === commit
    })
    if (committed === undefined)
      return console.info(`No release of api-json/ is made from ${commit}: not compared.`)
    for (const module of modules) {
      const file = new URL(releasePath(module), committed)
      expect(existsSync(file) && readFileSync(file, 'utf8'), module.path).toBe(module.text)
    }
  })
})

/** Text of a random file that is right: types of every kind, then messages that use them. */
function randomFile(seed: number, words: boolean, imported: string | undefined): string {
  let state = seed
  const below = (limit: number) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0
    return ((state ^ (state >>> 13)) >>> 0) % limit
  }
  const pick = <Item>(...items: readonly [Item, ...Item[]]): Item => items[below(items.length)] ?? items[0]
  const prefix = imported === undefined ? 'b' : 'm'
  const types = ['u8', 'u16', 'u32', 'u64', 'i8', 'i16', 'i32', 'i64', 'f64', 'bool']
  const last: string[] = []
  const type = () => types[below(types.length)] ?? 'u8'
  const number = () => pick('1', '-1', '0x1F', '1.0', '0.00001', '1.', '007')
  const value = () => pick(number(), 'true', 'false', '"a\\n é"', ...(words ? ['word', 'type'] : []))
  const plainField = (name: string) =>
    pick(
      `${type()} ${name};`,
      `${type()} ${name}[${below(9) + 1}];`,
      `string ${name}[${below(64) + 1}];`,
      `${type()} ${name}[default=${value()}, x y=2];`,
    )
  const lastField = () =>
    pick(
      '',
      '',
      'string tail[];',
      `u32 n; ${type()} tail[n];`,
      last.length === 0 ? '' : `${last[below(last.length)]} tail;`,
    )
  const block = () =>
    `${Array.from({ length: below(4) + 1 }, (_, i) => plainField(`f${i}`)).join(' ')}\n ${lastField()}`
  const lines = ['/* head */', `option version = "${below(9)}.0.0";`, `option o${below(3)} = ${value()};`]
  if (imported !== undefined) lines.push(`import "${imported}";`)
  for (let index = 0; index < 8; index++) {
    const name = `${prefix}${index}`
    const body = block()
    const member = (i: number) => `${name.toUpperCase()}_${i}`
    lines.push(
      pick(
        `typedef ${type()} ${name}${pick('', '[3]')};`,
        `enum ${name} : ${pick('u8', 'u16', 'i32')} { ${member(0)}, ${member(1)} = ${below(100)}, ${member(2)} [backwards_compatible], };`,
        `enumflag ${name} { ${member(0)} = 0x1, ${member(1)} = 0x10, };`,
        `union ${name} { ${plainField('a')} ${plainField('b')} };`,
        `// note\ntypedef ${name} { ${body} };`,
      ),
    )
    const isOpen = lines.at(-1)?.includes('tail') === true
    ;(isOpen ? last : types).push(`vl_api_${name}_t`)
  }
  for (let index = 0; index < 6; index++) {
    const name = `${prefix}_message_${index}`
    const option = pick('', 'option deprecated;', `option status = ${value()};`)
    lines.push(
      pick(
        `autoreply define ${name} { ${option} ${block()} };`,
        `define ${name}_dump { ${block()} };\n/** doc */\ndefine ${name}_details { ${option} ${block()} };`,
        `define ${name}_get { ${block()} }; define ${name}_get_reply { u8 x; }; define ${name}_details { ${block()} };
         service { rpc ${name}_get returns ${name}_get_reply stream ${name}_details; };`,
        `define ${name} { ${block()} }; service { rpc ${name} returns null; };`,
        `autoreply define ${name} { u8 x; }; define ${name}_event { ${block()} };
         service { rpc ${name} returns ${name}_reply events ${name}_event; };`,
      ),
    )
  }
  lines.push('counters c { bad { severity error; type counter64; units "p"; description "ü"; }; };')
  lines.push(pick('paths { "/a" "c"; };', 'paths { "/a" "c"; "/b" "c"; };'))
  return lines.join('\n')
}
