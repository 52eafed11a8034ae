import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, extname, join, relative, sep } from 'node:path'
import { parseSync } from 'oxc-parser'

const SOURCE = new Set(['.ts', '.mts', '.js', '.mjs'])
const SKIPPED = new Set(['node_modules', 'dist', 'coverage'])

/** Source files below a folder, as paths relative to it with slashes. Tests are left out: nothing imports them. */
export function sourceFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && SOURCE.has(extname(entry.name)) && !/\.test\.\w+$/.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((file) => !file.split('/').some((part) => SKIPPED.has(part) || part.startsWith('.')))
    .toSorted()
}

/**
 * What a file imports: values, types, re-exports, `import('…')` as a value and as a type.
 * @returns specifiers as they are written
 */
export function specifiersOf(path) {
  const read = READ.get(path) ?? readSpecifiers(path)
  READ.set(path, read)
  return read
}

/** Specifiers by path of the file: each is parsed once. */
const READ = new Map()

function readSpecifiers(path) {
  const code = readFileSync(path, 'utf8')
  const { module, program, errors } = parseSync(path, code)
  if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`)
  const found = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) => entries.map((entry) => entry.moduleRequest?.value)),
  ]
  // Walking the tree costs more than reading the file; few files have such an import.
  if (/\bimport\s*\(/.test(code)) visit(program, (source) => found.push(source))
  return [...new Set(found.filter((specifier) => specifier !== undefined))]
}

function visit(node, tell) {
  if (node === null || typeof node !== 'object') return
  const source = node.type === 'ImportExpression' || node.type === 'TSImportType' ? node.source : undefined
  if (typeof source?.value === 'string') tell(source.value)
  for (const value of Object.values(node)) visit(value, tell)
}

/** Imports between the files of one folder: a map of each file to those that it imports. */
export function fileGraph(folder) {
  const files = sourceFiles(folder)
  const known = new Set(files)
  return new Map(
    files.map((file) => {
      const targets = specifiersOf(join(folder, file)).filter((specifier) => specifier.startsWith('.'))
      return [file, targets.flatMap((target) => resolve(folder, file, target, known))]
    }),
  )
}

function resolve(folder, from, specifier, known) {
  const path = join(dirname(from), specifier).split(sep).join('/')
  const candidates = [path, path.replace(/\.(m?)js$/, '.$1ts'), path.replace(/\.js$/, '.d.ts')]
  const found = candidates.find((candidate) => known.has(candidate))
  if (found !== undefined) return [found]
  // Generated, outside of the folder, or data: no part of a circle within it. One that is nowhere is a mistake.
  if (candidates.some((candidate) => existsSync(join(folder, candidate)))) return []
  if (/(^|\/)(dist|node_modules)\//.test(path)) return []
  throw new Error(`${join(folder, from)} imports ${specifier}, which is not there`)
}
