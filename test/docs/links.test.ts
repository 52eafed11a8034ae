import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(root, path)))

/** Places of a page that links may name, as GitHub spells them. */
function anchors(text: string): Set<string> {
  const headings = text.replaceAll(/```[^]*?```/g, '').matchAll(/^#+ (.+)$/gm)
  const slug = (heading: string) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-')
  return new Set([...headings].map(([, heading]) => slug(heading ?? '')))
}

/** Where the repository can be read, and where npm shows pages of packages that have no files beside them. */
const ONLINE = /https:\/\/github\.com\/vpp-ts\/vpp-ts\/(?:blob|tree)\/main\/([\w./-]+)/g

const packages = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { workspaces: string[] }
const published = new Set(packages.workspaces.map((folder) => `${folder}/README.md`))

describe('documents', () => {
  it.each(pages.filter((page) => published.has(page)))('%s has links that work on npm', (page) => {
    const text = readFileSync(join(root, page), 'utf8')
    expect(text.match(/\]\((?!\w+:|#)[^)]*\)/g) ?? []).toEqual([])
  })

  it.each(pages)('%s names pages of the repository that are there', (page) => {
    for (const [link, path = ''] of readFileSync(join(root, page), 'utf8').matchAll(ONLINE))
      expect(existsSync(join(root, path)), link).toBe(true)
  })

  it.each(pages)('%s links to what is there', (page) => {
    const text = readFileSync(join(root, page), 'utf8')
    const links = text.replaceAll(/```[^]*?```/g, '').matchAll(/\]\((?!\w+:)([^)#]*)(?:#([^)]*))?\)/g)
    for (const [link, path = '', anchor] of links) {
      const target = path === '' ? join(root, page) : join(root, dirname(page), path)
      expect(existsSync(target), link).toBe(true)
      if (anchor !== undefined) expect(anchors(readFileSync(target, 'utf8')), link).toContain(anchor)
    }
  })

  it('every guide can be reached from the README', () => {
    const seen = new Set<string>()
    const visit = (page: string) => {
      if (seen.has(page)) return
      seen.add(page)
      for (const [, path = ''] of readFileSync(join(root, page), 'utf8').matchAll(/\]\((?!\w+:)([^)#]+)/g)) {
        const target = relative(root, join(root, dirname(page), path))
        if (target.endsWith('.md') && existsSync(join(root, target))) visit(target)
      }
    }
    visit('README.md')
    const guides = pages.filter((page) => /^docs\/[^/]+\.md$/.test(page))
    expect(guides.filter((page) => !seen.has(page))).toEqual([])
  })
})
