import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { KINDS } from '../kinds/built-in.ts'
import type { Kinds } from '../kinds/kinds.ts'
import { called, idOf } from '../model/item-ref.ts'
import { GivenItems } from '../reconcile/given-items.ts'
import { FieldPlaces, itemFilesOf, readItemFile, type ItemFile } from '../sources/item-files.ts'
import { checkItems } from './check-items.ts'
import type { Finding, Place } from './finding.ts'

/** Where an item is declared. */
interface Declared {
  readonly file: string
  readonly line: number
}

/** What a check of files has found. */
export interface Checked {
  readonly files: number
  readonly items: number
  /** By file and line. */
  readonly findings: readonly Finding[]
}

/** Reads files, and the files of folders, and checks all their items together. Needs no VPP. */
export async function checkPaths(paths: readonly string[], kinds: Kinds = KINDS): Promise<Checked> {
  const findings: Finding[] = []
  const items = new GivenItems(kinds)
  const places = new Map<string, Declared>()
  const fields = new Fields()
  let files = 0
  let count = 0
  for (const [folder, name] of await filesOf(paths, findings)) {
    const path = join(folder, name)
    const file = await readItemFile(folder, name, kinds)
    files++
    findings.push(...problemsOf(path, file))
    for (const { declaration, line } of file.items) {
      const { ref, item } = declaration
      count++
      if (items.add(item, path)) places.set(idOf(ref), { file: path, line })
      else {
        const before = places.get(idOf(ref))
        const message = `${called(ref)} is in ${before?.file ?? ''}:${before?.line ?? 0} already`
        const place = await fields.placeOf({ file: path, line }, '')
        findings.push({
          code: 'duplicate',
          severity: 'error',
          item: ref,
          field: '',
          message,
          remedy: 'remove one of them',
          ...place,
        })
      }
    }
  }
  for (const finding of await checkItems(items, kinds)) {
    const declared = places.get(idOf(finding.item))
    if (declared === undefined) continue
    findings.push({ ...finding, ...(await fields.placeOf(declared, finding.field)) })
  }
  return { files, items: count, findings: findings.sort(inOrder) }
}

/** Places of fields in files that have findings, each read once. */
class Fields {
  readonly #files = new Map<string, FieldPlaces>()

  async placeOf({ file, line }: Declared, field: string): Promise<Place> {
    const known = this.#files.get(file) ?? new FieldPlaces(await readFile(file, 'utf8'))
    this.#files.set(file, known)
    return { file, ...known.placeOf(line, field) }
  }
}

async function filesOf(paths: readonly string[], findings: Finding[]): Promise<[string, string][]> {
  const found: [string, string][] = []
  for (const path of paths) {
    try {
      if ((await stat(path)).isDirectory()) {
        for (const name of await itemFilesOf(path)) found.push([path, name])
      } else found.push([dirname(path), basename(path)])
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      findings.push({
        code: 'unreadable',
        severity: 'error',
        file: path,
        field: '',
        message: code === 'ENOENT' ? 'does not exist' : message,
        remedy: 'correct the path',
      })
    }
  }
  return found
}

function problemsOf(path: string, { problems }: ItemFile): Finding[] {
  return problems.map(({ line, column, field, message }) => {
    const isFile = line === undefined || message.startsWith('is not YAML')
    return {
      code: isFile ? 'unreadable' : 'schema',
      severity: 'error',
      file: path,
      line,
      column,
      field,
      message,
      remedy: isFile ? 'correct the file' : 'see vpp-ts-agent explain',
    }
  })
}

function inOrder(one: Finding, other: Finding): number {
  if (one.file !== other.file) return one.file < other.file ? -1 : 1
  return (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0)
}
