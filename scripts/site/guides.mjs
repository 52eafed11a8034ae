/** The guides of `docs/` and the READMEs of packages as pages of the site. */
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { root } from '../bootstrap.mjs'

const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const REPOSITORY = repository.url.replace(/^git\+/, '').replace(/\.git$/, '')

/** Where a file of the repository is on the site; undefined when it is not there. */
function placeOf(file) {
  if (file === 'README.md') return 'index.md'
  if (file === 'CHANGELOG.md') return 'changelog.md'
  if (file === 'docs/decisions' || file === 'docs/decisions/') return 'docs/decisions/README.md'
  if (/^docs\/.*\.(md|png|webp|svg)$/.test(file)) return file
  const readme = /^([a-z-]+)\/README\.md$/.exec(file)
  return readme === null || !isPackage(readme[1]) ? undefined : `readme/${readme[1]}.md`
}

function isPackage(folder) {
  const file = join(root, folder, 'package.json')
  return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).private !== true
}

/**
 * Writes them below a folder.
 * @returns title and path of each page
 */
export function writeGuides(staging) {
  const files = [
    'README.md',
    'CHANGELOG.md',
    ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.md'))
      .map((file) => `docs/${file}`),
    ...readdirSync(root)
      .filter(
        (folder) =>
          existsSync(join(root, folder, 'README.md')) && placeOf(`${folder}/README.md`) !== undefined,
      )
      .map((folder) => `${folder}/README.md`),
  ].sort()
  cpSync(join(root, 'docs/images'), join(staging, 'docs/images'), { recursive: true })
  return files.map((file) => {
    const place = placeOf(file)
    const text = linked(readFileSync(join(root, file), 'utf8'), file, place)
    mkdirSync(dirname(join(staging, place)), { recursive: true })
    writeFileSync(join(staging, place), text)
    const title = /^# (.*)$/m.exec(text)?.[1]?.replaceAll('`', '') ?? place
    return { title, path: `/${place.replace(/README\.md$/, 'README').replace(/\.md$/, '')}` }
  })
}

/** Links lead to pages of the site where there is one, else to the repository. */
function linked(text, file, place) {
  return outsideCode(text, (part) =>
    part.replace(/(\]\()([^)\s]+)(\))/g, (whole, before, target, after) => {
      if (/^[a-z]+:|^#/.test(target)) return ownLink(target, place) ?? whole
      const [path, anchor] = target.split('#')
      const wanted = posix.normalize(posix.join(posix.dirname(file), path))
      const found = placeOf(wanted)
      const hash = anchor === undefined ? '' : `#${anchor}`
      if (found === undefined) return `${before}${REPOSITORY}/blob/main/${wanted}${hash}${after}`
      return `${before}/${found}${hash}${after}`
    }),
  )
}

/** READMEs of packages link to the repository, since npm shows them; on the site they stay on it. */
function ownLink(target) {
  const prefix = `${REPOSITORY}/blob/main/`
  if (!target.startsWith(prefix)) return undefined
  const [path, anchor] = target.slice(prefix.length).split('#')
  const found = placeOf(path)
  return found === undefined ? undefined : `](/${found}${anchor === undefined ? '' : `#${anchor}`})`
}

/** Changes what is neither a fenced block nor in single quotes of code. */
function outsideCode(text, change) {
  return text
    .split(/(^(?:```|~~~)[\s\S]*?^(?:```|~~~)[^\S\n]*$|`[^`\n]+`)/m)
    .map((part, index) => (index % 2 === 0 ? change(part) : part))
    .join('')
}
