import { stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { moduleOfImport } from '../schema/module.ts'
import { API_JSON, bySource, type Input, type InputFile } from '../schema/input.ts'
import { readRegular } from './regular-file.ts'
import { releaseOfFolder } from './release.ts'
import { textOf } from '../schema/text.ts'

/** Folders in which the imports of a file are looked for, seen from the file's own. */
const IMPORT_FOLDERS = ['.', '../core', '../plugins']

/** Reads single files and, from the folders they lie in, the files they import. */
export async function readSingleFiles(paths: readonly string[]): Promise<Input> {
  const found = new Map<string, InputFile>()
  for (const path of paths) await addFile(path, found)
  const [first] = paths
  const release = first === undefined ? undefined : await releaseOfFolder(dirname(first))
  return { files: [...found.values()].toSorted(bySource), release, label: paths.join(', ') }
}

async function addFile(path: string, found: Map<string, InputFile>): Promise<void> {
  const bytes = await readRegular(path)
  const source = basename(path)
  if (found.has(source)) return
  found.set(source, { source, file: path, bytes })
  for (const imported of importsOf(bytes)) {
    const name = `${moduleOfImport(imported)}${API_JSON}`
    const place = found.has(name) ? undefined : await findImport(dirname(path), name)
    if (place !== undefined) await addFile(place, found)
  }
}

async function findImport(folder: string, name: string): Promise<string | undefined> {
  for (const place of IMPORT_FOLDERS) {
    const path = join(folder, place, name)
    try {
      if ((await stat(path)).isFile()) return path
    } catch {
      continue
    }
  }
  return undefined
}

/** Import paths of a file; none when it cannot be parsed, which is reported when the file is loaded. */
function importsOf(bytes: Uint8Array): string[] {
  try {
    const json = JSON.parse(textOf(bytes)) as { readonly imports?: unknown } | null
    const imports = json?.imports
    return Array.isArray(imports) ? imports.filter((path) => typeof path === 'string') : []
  } catch {
    return []
  }
}
