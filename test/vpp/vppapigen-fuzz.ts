import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { GeneratorError, importText, loadSchema } from '@vpp-ts/binapi-generator'
import * as fc from 'fast-check'
import { fileOf, SUPPORTED } from '../generator/constructs.ts'
import { apiText, madeUpModule } from '../generator/made-up.ts'
import { randomNumbers } from '../generator/made-value.ts'

/** What importer and tool made of one text. */
interface Outcome {
  readonly ours: string | Error
  readonly theirs: string | Error
}

/** How many texts came out in which way; reasons with how often they occurred. */
export interface FuzzResult {
  /** Both wrote the same JSON, comments aside. */
  same: number
  /** Both refused the text. */
  refused: number
  /** Of those that both took: the generator found nothing wrong, or left out what has a problem. */
  generated: number
  /** Only the importer refused it. */
  readonly stricter: Map<string, number>
  /** Only VPP's tool refused it. */
  readonly laxer: Map<string, number>
  /** Seeds of texts of which the two wrote different JSON. */
  readonly different: number[]
  /** Seeds of texts that importer or generator fell over. */
  readonly crashed: number[]
}

const DRIVER = fileURLToPath(new URL('vppapigen-driver.py', import.meta.url))
/** A token of the API language, or the space between. */
const TOKEN = /\/\*[^]*?\*\/|\/\/[^\n]*|"[^"\n]*"|[A-Za-z_]\w*|-?\d[\w.]*|\s+|./g

/** VPP's own tool, as one process for many files. */
class VppTool {
  readonly #include: string
  readonly #process
  readonly #lines

  constructor(source: string) {
    this.#include = join(source, 'src')
    this.#process = spawn('python3', ['-B', DRIVER, join(source, 'src/tools/vppapigen')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.#lines = createInterface(this.#process.stdout)[Symbol.asyncIterator]()
  }

  /** JSON of a file, comments taken out; an error when the tool refuses it. */
  async json(file: string): Promise<string | Error> {
    this.#process.stdin.write(`${JSON.stringify({ file, include: this.#include })}\n`)
    const { value, done } = await this.#lines.next()
    if (done === true) throw new Error(`VPP's tool ended; python3 needs the package ply`)
    const answer = JSON.parse(value) as { readonly json?: string; readonly error?: string }
    return answer.json === undefined ? new Error(answer.error) : withoutComments(answer.json.trimEnd())
  }

  async end(): Promise<void> {
    this.#process.stdin.end()
    if (this.#process.exitCode === null) await once(this.#process, 'close')
  }
}

function withoutComments(json: string): string {
  const comment = String.raw`"comment": "(?:[^"\\]|\\.)*"`
  return json
    .replaceAll(new RegExp(String.raw`,\n +\{\n +${comment}\n +\}`, 'g'), '')
    .replaceAll(new RegExp(String.raw`,\n +${comment}`, 'g'), '')
}

/** A text to try, where it belongs, and what it imports. */
interface Candidate {
  readonly path: string
  readonly text: string
  readonly imports: ReadonlyMap<string, string>
}

/** Makes texts: files of VPP with some tokens changed, and modules that are made up. */
class TextMaker {
  readonly #files: ReadonlyMap<string, string>
  readonly #paths: readonly string[]

  constructor(source: string) {
    const root = join(source, 'src')
    this.#paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.api'),
    )
    this.#files = new Map(this.#paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]))
  }

  make(seed: number): Candidate {
    const below = randomNumbers(seed)
    const kind = below(4)
    if (kind === 0)
      return made('made', apiText(fc.sample(madeUpModule, { numRuns: 1, seed })[0] as never), below)
    if (kind === 1) {
      const some =
        fc.sample(fc.shuffledSubarray([...SUPPORTED], { minLength: 5 }), { numRuns: 1, seed })[0] ?? []
      return made('constructs', fileOf(some), below)
    }
    const path = this.#paths[below(this.#paths.length)] as string
    return { path, text: mutate(this.#files.get(path) ?? '', below), imports: this.#importsOf(path) }
  }

  #importsOf(path: string, found = new Map<string, string>()): Map<string, string> {
    for (const [, imported = ''] of (this.#files.get(path) ?? '').matchAll(/^import "([^"]+)"/gm)) {
      const text = this.#files.get(imported)
      if (text === undefined || found.has(imported)) continue
      found.set(imported, text)
      this.#importsOf(imported, found)
    }
    return found
  }
}

/** Half of what is made up stays as it is: VPP's tool must take it. */
function made(name: string, text: string, below: (limit: number) => number): Candidate {
  const changed = below(2) === 0 ? text : mutate(text, below)
  return { path: `plugins/${name}/${name}.api`, text: changed, imports: new Map() }
}

/** Leaves out, doubles, swaps or replaces one or two tokens; mostly by others of their kind, so that syntax stays right. */
function mutate(text: string, below: (limit: number) => number): string {
  const tokens = text.match(TOKEN) ?? []
  const places = tokens.flatMap((token, index) => (/^\s|^\/[/*]/.test(token) ? [] : [index]))
  const pick = (among: readonly number[]) => among[below(among.length)] ?? 0
  for (let changes = 1 + below(2); changes > 0; changes--) {
    const [at, other] = [pick(places), pick(places)]
    const [token = '', second = ''] = [tokens[at], tokens[other]]
    const kind = kindOf(token)
    switch (below(8)) {
      case 0:
        tokens[at] = ''
        break
      case 1:
        tokens[at] = `${token} ${token}`
        break
      case 2:
        ;[tokens[at], tokens[other]] = [second, token]
        break
      default:
        tokens[at] = tokens[pick(places.filter((place) => kindOf(tokens[place] ?? '') === kind))] ?? ''
    }
  }
  return tokens.join('')
}

const BUILT_IN = /^(?:[ui](?:8|16|32|64)|f64|bool)$/

function kindOf(token: string): string {
  if (BUILT_IN.test(token)) return 'type'
  if (token.startsWith('vl_api_')) return 'reference'
  return /^[A-Za-z_]/.test(token) ? 'name' : /^-?\d/.test(token) ? 'number' : 'mark'
}

function importOne({ path, text, imports }: Candidate): string | Error {
  try {
    const found = importText(new Map([...imports, [path, text]])).modules.find(
      (module) => module.path === path,
    )
    return found?.text.trimEnd() ?? new Error('no module')
  } catch (error) {
    return error as Error
  }
}

/** Compares the importer with VPP's tool on made-up texts, and lets the generator read what both take. */
export async function fuzz(source: string, runs: number, seed: number): Promise<FuzzResult> {
  const folder = mkdtempSync(join(tmpdir(), 'vppapigen-'))
  const result: FuzzResult = {
    same: 0,
    refused: 0,
    generated: 0,
    stricter: new Map(),
    laxer: new Map(),
    different: [],
    crashed: [],
  }
  const maker = new TextMaker(source)
  const tool = new VppTool(source)
  try {
    for (let run = 0; run < runs; run++) {
      const candidate = maker.make(seed + run)
      const file = join(folder, candidate.path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, candidate.text)
      const outcome = { ours: importOne(candidate), theirs: await tool.json(file) }
      if (outcome.ours instanceof Error && !(outcome.ours instanceof GeneratorError)) {
        result.crashed.push(seed + run)
        continue
      }
      record(outcome, seed + run, result)
      if (typeof outcome.ours === 'string' && !(await canGenerate(outcome.ours, folder)))
        result.crashed.push(seed + run)
      else if (typeof outcome.ours === 'string') result.generated++
    }
  } finally {
    await tool.end()
    rmSync(folder, { recursive: true, force: true })
  }
  return result
}

function record({ ours, theirs }: Outcome, seed: number, result: FuzzResult): void {
  const count = (reasons: Map<string, number>, reason: string) =>
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
  if (typeof ours === 'string' && typeof theirs === 'string') {
    if (ours === theirs) result.same++
    else result.different.push(seed)
  } else if (typeof ours === 'string') count(result.laxer, reasonOf(theirs as Error))
  else if (typeof theirs === 'string') count(result.stricter, reasonOf(ours))
  else result.refused++
}

/** The first line of an error without place and names. */
function reasonOf({ message }: Error): string {
  const line = message.split('\n').find((text) => text.includes(': error ')) ?? message
  return line
    .replace(/^.*?: error (\w+): /, '$1 ')
    .replaceAll(/"[^"]*"|'[^']*'/g, '…')
    .replaceAll(/-?\d+/g, 'N')
    .slice(0, 120)
}

/** Whether the generator reads a document, or says with a typed error why not. */
async function canGenerate(text: string, folder: string): Promise<boolean> {
  const input = join(folder, 'json')
  const { module } = JSON.parse(text) as { readonly module: string }
  rmSync(input, { recursive: true, force: true })
  mkdirSync(join(input, 'plugins'), { recursive: true })
  writeFileSync(join(input, `plugins/${module}.api.json`), text)
  try {
    await loadSchema({ input })
    return true
  } catch (error) {
    return error instanceof GeneratorError && error.code === 'BINAPI_INVALID'
  }
}
