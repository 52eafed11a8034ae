/**
 * Checks the wording of documents, comments and texts of programs against our word list (`terms.mjs`):
 *
 *   npm run check:words              all files that git knows
 *   npm run check:words -- FILE …    these
 *
 * textlint reads the Markdown and applies the list; sources are read by a parser for their comments and texts.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from '../bootstrap.mjs'
import { installTools } from '../install-tools.mjs'

installTools(fileURLToPath(new URL('.', import.meta.url)))
const { TextlintKernel } = await import('@textlint/kernel')
const { default: markdown } = await import('@textlint/textlint-plugin-markdown')
const { default: terminology } = await import('textlint-rule-terminology')
const { sources } = await import('./sources.mjs')
const { LEFT_OUT, TERMS } = await import('./terms.mjs')

const kernel = new TextlintKernel()
const options = {
  plugins: [
    { pluginId: 'markdown', plugin: markdown.default ?? markdown },
    { pluginId: 'sources', plugin: sources },
  ],
  rules: [{ ruleId: 'words', rule: terminology, options: { defaultTerms: false, terms: TERMS } }],
}
const given = process.argv.slice(2)
const files = given.length > 0 ? given : filesOfGit()
let found = 0
for (const file of files) {
  const text = readFileSync(join(root, file), 'utf8')
  const { messages } = await kernel.lintText(text, { ...options, ext: extname(file), filePath: file })
  for (const { line, column, message } of messages) console.log(`${file}:${line}:${column} ${message}`)
  found += messages.length
}
console.log(`${files.length} files, ${found} words to change`)
process.exitCode = found === 0 ? 0 : 1

function filesOfGit() {
  const { stdout } = spawnSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  return stdout.split('\0').filter((file) => /\.(?:md|ts|mjs)$/.test(file) && !LEFT_OUT.test(file))
}
