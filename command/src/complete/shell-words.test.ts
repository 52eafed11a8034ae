import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { insertion, splitLine } from './shell-words.ts'

describe('a line', () => {
  it.each([
    ['vpp-ts call ', ['vpp-ts', 'call', ''], undefined],
    ['vpp-ts  call  x', ['vpp-ts', 'call', 'x'], undefined],
    ["a 'b c' d", ['a', 'b c', 'd'], undefined],
    ["a 'b c", ['a', 'b c'], "'"],
    ['a "b \\" \\n', ['a', 'b " \\n'], '"'],
    ['route.paths\\[0\\].n', ['route.paths[0].n'], undefined],
    ["x='a b'", ['x=a b'], undefined],
    ['a ""', ['a', ''], undefined],
    ['', [''], undefined],
  ])('%j is split', (line, words, open) => {
    expect(splitLine(line)).toEqual({ words, open })
  })
})

describe('what is inserted', () => {
  it.each([
    ['create_loopback', 'cre', undefined, 'create_loopback'],
    ['route.paths[0].', 'route.p', undefined, 'route.paths\\[0\\].'],
    ['sw_if_index=$(reboot)', 'sw_if_index=', undefined, '\\$\\(reboot\\)'],
    ["sw_if_index=it's", "sw_if_index='", "'", undefined],
    ['sw_if_index=a b', 'sw_if_index=', "'", 'sw_if_index=a b'],
    ['x=`id`', 'x=', '"', 'x=\\`id\\`'],
    ['two\nlines', '', undefined, undefined],
    ['\u001B[2J', '', undefined, undefined],
  ] as const)('for %j', (candidate, word, open, expected) => {
    expect(insertion(candidate, word, open)).toBe(expected)
  })

  it('is for bash the word itself, and runs nothing', () => {
    const text = fc.string({
      unit: fc.constantFrom(...' \t"\'\\$`!*?[](){}<>|&;#~^abz09é'),
      minLength: 1,
      maxLength: 12,
    })
    const candidates = fc.sample(text, 200).filter((it) => !/\p{Cc}/u.test(it))
    const written = candidates.map((it) => insertion(it, '', undefined))
    const script = written.map((it) => `printf '%s\\n' ${it}`).join('\n')
    const { stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(stdout).toBe(candidates.map((it) => `${it}\n`).join(''))
    expect(written.map((it) => splitLine(it ?? '').words.join(' '))).toEqual(candidates)
  })
})
