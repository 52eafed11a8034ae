import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ROOT } from '../generator/compile.ts'

const FOLDER = join(ROOT, 'docs/decisions')

it('the list of decisions has all of them, with their titles', () => {
  const files = readdirSync(FOLDER).filter((name) => name !== 'README.md')
  const entries = files.map((name) => {
    const [, number, title] = /^# (\d{4}) (.+)$/m.exec(readFileSync(join(FOLDER, name), 'utf8')) ?? []
    expect(name, 'the number in the title').toMatch(new RegExp(`^${number}-`))
    return `- [${number}](${name}) ${title}`
  })
  const list = readFileSync(join(FOLDER, 'README.md'), 'utf8')
  expect(list.split('\n').filter((line) => line.startsWith('- ['))).toEqual(entries)
})
