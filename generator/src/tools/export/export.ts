import { gzipSync } from 'node:zlib'
import { API_JSON, moduleOfFile, type Input, type InputFile } from '../../schema/input.ts'
import { moduleOfImport, type Schema } from '../../schema/module.ts'

/** A file of an export. */
export interface ExportedFile {
  /** `core/ip.api.json`. */
  readonly path: string
  readonly bytes: Uint8Array
}

/**
 * The files of some modules as VPP's packages lay them out: bytes as they were read, in `core/` and `plugins/`, with a
 * `VPP_VERSION` that names the release.
 *
 * @param schema the modules wanted, as loaded from the input
 */
export function exportFiles(input: Input, schema: Schema): ExportedFile[] {
  const wanted = input.files.filter(({ source }) => schema.modules.has(moduleOfFile(source)))
  const imported = new Set([...schema.modules.values()].flatMap(({ imports }) => imports.map(placeOfImport)))
  const files = wanted.map((file) => ({ path: pathOf(file, imported), bytes: file.bytes }))
  if (schema.release === undefined) return files
  return [...files, { path: 'VPP_VERSION', bytes: Buffer.from(`${schema.release}\n`) }]
}

/** Where VPP would install a file: where it was, and in a flat input where imports say it is. */
function pathOf({ source }: InputFile, imported: ReadonlySet<string>): string {
  if (source.includes('/')) return source
  const module = moduleOfFile(source)
  return `${imported.has(`core ${module}`) ? 'core' : 'plugins'}/${module}${API_JSON}`
}

function placeOfImport(path: string): string {
  return `${path.startsWith('plugins/') ? 'plugins' : 'core'} ${moduleOfImport(path)}`
}

/** The files as a `.tar.gz`: the same bytes for the same files. */
export async function archiveOf(files: readonly ExportedFile[]): Promise<Uint8Array> {
  const { Header, Pack, ReadEntry } = await import('tar')
  const pack = new Pack({ portable: true })
  const parts: Uint8Array[] = []
  pack.on('data', (part: Uint8Array) => parts.push(part))
  const done = new Promise<void>((resolve, reject) => {
    pack.on('end', resolve)
    pack.on('error', reject)
  })
  for (const { path, bytes } of files) {
    const entry = new ReadEntry(
      new Header({ path, size: bytes.length, mode: 0o644, mtime: new Date(0), type: 'File' }),
    )
    pack.add(entry)
    entry.end(Buffer.from(bytes))
  }
  pack.end()
  await done
  return gzipSync(Buffer.concat(parts), { level: 9 })
}
