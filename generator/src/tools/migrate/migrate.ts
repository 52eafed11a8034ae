import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { ts } from 'ts-morph'
import { buildModel } from '../../model/build.ts'
import type { Schema } from '../../schema/module.ts'
import { BindingNames } from '../program/binding-files.ts'
import { listSources, type SourceText } from '../program/list-sources.ts'
import { displayPath, openProgram, type Program } from '../program/program.ts'
import { applyEdits } from './apply.ts'
import { EditCollector } from './edits.ts'
import { formatLike } from './format.ts'
import { migrateManifest } from './manifest.ts'
import { Release } from './release.ts'
import { Rules } from './rules.ts'
import { followReleases } from './trail.ts'

/** What to migrate. */
export interface MigrateOptions {
  /** Folder of the program, or one file. */
  readonly program: string
  /** Definitions that the program was written for, those of the releases between, and those that it is to be for. */
  readonly releases: readonly Schema[]
  /** Also move on from deprecated messages, where a newer version means the same. */
  readonly newest?: boolean | undefined
}

/** A file that is different. */
export interface MigratedFile {
  readonly path: string
  readonly before: string
  readonly after: string
  /** What was done, in words. */
  readonly reasons: readonly string[]
  /** What a person must decide: line in the new text, and why. */
  readonly remarks: readonly { readonly line: number; readonly text: string }[]
}

/** What has come of a migration; nothing is written. */
export interface MigrateResult {
  readonly files: readonly MigratedFile[]
  /** Places that do not compile with bindings of the new release, and did with those of the old. */
  readonly errors: readonly { readonly place: string; readonly text: string }[]
}

/**
 * Rewrites a program for another release as far as that is certain: names of messages, fields, members and modules that
 * have changed, newer versions of messages that are gone, defaults that have changed. What a person must decide gets a
 * comment.
 *
 * @throws GeneratorError `BINAPI_INPUT` for a program that cannot be read, `BINAPI_INVALID` for one with syntax errors
 */
export async function migrateProgram(options: MigrateOptions): Promise<MigrateResult> {
  const { program: place, releases } = options
  const [from, to] = [releases[0], releases.at(-1)].map((schema) => new Release(buildModel(schema as Schema)))
  if (from === undefined || to === undefined) return { files: [], errors: [] }
  const sources = await listSources(place)
  const before = await openProgram(place, sources, from.model)
  const rules = new Rules(from, to, followReleases(releases), { newest: options.newest ?? false })
  const edits = new EditCollector(before, rules, new Set(from.messages.keys())).collect()
  const files: MigratedFile[] = []
  for (const { path, text } of sources) {
    const found = edits.get(resolve(path))
    if (found === undefined || (found.edits.length === 0 && found.remarks.length === 0)) continue
    const after = await formatLike(path, text, applyEdits(text, found))
    if (after === text) continue
    files.push({ path, before: text, after, reasons: found.reasons, remarks: remarksIn(after, text) })
  }
  const migrated = sources.map(({ path, text }) => ({
    path,
    text: files.find((file) => file.path === path)?.after ?? text,
  }))
  const after = await openProgram(place, migrated, to.model)
  const manifest = await migratedManifest(place, migrated, to)
  return { files: [...files, ...manifest], errors: newErrors(before, after) }
}

/** The comments of the migration in a text that were not in the one before. */
function remarksIn(after: string, before: string): MigratedFile['remarks'] {
  const known = new Set(before.split('\n').map((line) => line.trim()))
  return after.split('\n').flatMap((line, index) => {
    const text = /^\s*\/\/ vpp: (.*)$/.exec(line)?.[1]
    return text === undefined || known.has(line.trim()) ? [] : [{ line: index + 1, text }]
  })
}

async function migratedManifest(
  place: string,
  sources: readonly SourceText[],
  to: Release,
): Promise<MigratedFile[]> {
  const path = findManifest(place)
  if (path === undefined) return []
  const names = new BindingNames(to.modules.keys())
  const used = new Set(
    sources.flatMap(({ text }) =>
      ts
        .preProcessFile(text, true, true)
        .importedFiles.flatMap(({ fileName }) =>
          fileName.startsWith('.') ? [] : (names.partOf(fileName)?.module ?? []),
        ),
    ),
  )
  const before = await readFile(path, 'utf8')
  const after = migrateManifest(before, {
    release: to.model.release,
    used,
    known: new Set(to.modules.keys()),
  })
  if (after === undefined || after === before) return []
  return [{ path, before, after, reasons: [`bindings of VPP ${to.name}`], remarks: [] }]
}

function findManifest(place: string): string | undefined {
  for (let folder = resolve(place); ; folder = dirname(folder)) {
    const path = join(folder, 'package.json')
    if (existsSync(path)) return displayPath(path)
    if (folder === dirname(folder)) return undefined
  }
}

/** Errors that a program has with the new bindings, without those that it had with the old. */
function newErrors(before: Program, after: Program): MigrateResult['errors'] {
  const known = new Set(errorsOf(before).map(({ key }) => key))
  return errorsOf(after).filter(({ key }) => !known.has(key))
}

function errorsOf({ files, program }: Program): { key: string; place: string; text: string }[] {
  return files.flatMap(({ compilerNode: file }) =>
    program.getSemanticDiagnostics(file).map(({ start = 0, messageText, code }) => {
      const { line, character } = file.getLineAndCharacterOfPosition(start)
      const text = ts.flattenDiagnosticMessageText(messageText, ' ')
      const path = displayPath(file.fileName)
      return { key: `${path} ${code} ${text}`, place: `${path}:${line + 1}:${character + 1}`, text }
    }),
  )
}
