import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { GeneratorError, reasonOf } from '../../errors.ts'
import { MARK } from '../../emit/header.ts'

/** A source file of a program. */
export interface SourceText {
  readonly path: string
  readonly text: string
}

const SOURCE = /\.[cm]?[jt]sx?$/
const DECLARATION = /\.d\.[cm]?ts$/
const SKIPPED = new Set(['node_modules', 'dist', '.git', 'coverage'])
/** How files of bindings begin: these use all there is, and the program does not. */
const GENERATED = `// ${MARK}`

/**
 * The hand-written sources of a program, in the order of their paths: what is below a folder, or one file.
 * @throws GeneratorError `BINAPI_INPUT` when the folder cannot be read
 */
export async function listSources(place: string): Promise<SourceText[]> {
  const paths = await guard(place, async () => ((await stat(place)).isDirectory() ? walk(place) : [place]))
  const texts = await guard(place, () =>
    Promise.all(paths.map(async (path) => ({ path, text: await readFile(path, 'utf8') }))),
  )
  return texts.filter(({ text }) => !isGenerated(text))
}

/** True for the text of a file that the generator wrote. */
export function isGenerated(text: string): boolean {
  return text.startsWith(GENERATED)
}

async function walk(folder: string): Promise<string[]> {
  const found: string[] = []
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) found.push(...(await walk(path)))
    else if (entry.isFile() && SOURCE.test(entry.name) && !DECLARATION.test(entry.name)) found.push(path)
  }
  return found.toSorted()
}

async function guard<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new GeneratorError('BINAPI_INPUT', `cannot list the program in "${place}": ${reasonOf(error)}`, {
      cause: error,
    })
  }
}
