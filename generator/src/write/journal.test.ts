import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { filesIn, tempFolder, writeFiles } from '../testing/folder.ts'
import { writeOutput } from './apply.ts'

const DIST = new URL('../../dist/write/apply.js', import.meta.url).href
const KILL_AT = fileURLToPath(new URL('../testing/kill-at.mjs', import.meta.url))

const OLD = ['a/1.ts', 'a/2.ts', 'b/3.ts', 'gone/4.ts'].map((path) => ({
  path,
  text: `// binapi-gen old ${path}\n`,
}))
const NEW = ['a/1.ts', 'a/2.ts', 'b/3.ts', 'c/5.ts'].map((path) => ({
  path,
  text: `// binapi-gen new ${path}\n`,
}))

/** Writes the new output in a process that is killed at a call of node:fs; true when it was. */
function killedAt(out: string, call: string): boolean {
  const script = `const { writeOutput } = await import(${JSON.stringify(DIST)}); writeOutput(${JSON.stringify(out)}, ${JSON.stringify(NEW)})`
  const { signal, status, stderr } = spawnSync(
    process.execPath,
    ['--import', KILL_AT, '--input-type=module', '-e', script],
    {
      env: { ...process.env, VPP_TS_KILL_AT: call },
      encoding: 'utf8',
    },
  )
  if (signal === null && status !== 0) throw new Error(stderr)
  return signal === 'SIGKILL'
}

/** What the folder has after a whole run. */
function afterRun(files: typeof OLD): Record<string, string> {
  const out = tempFolder()
  writeOutput(out, OLD)
  writeOutput(out, files)
  return filesIn(out)
}

it.runIf(process.platform === 'linux')('knows a process from a later one of the same number', () => {
  const out = tempFolder()
  writeOutput(out, OLD)
  // Process 1 is there as long as the machine is.
  const staged = (owner: string) =>
    writeFiles(out, { '.cache/binapi-gen-1/0': 'x', '.cache/binapi-gen-1/owner': owner })
  const start =
    readFileSync('/proc/1/stat', 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')[19] ?? ''
  staged(start)
  expect(() => writeOutput(out, NEW)).toThrow('process 1 is generating')
  staged(`${start}0`)
  expect(writeOutput(out, NEW).written).toBe(5)
})

describe('a run that is killed', () => {
  // The last of writeFileSync is the journal; before it is complete, nothing may change.
  it.each([1, 2, 3, 4, 5])('while it writes file %i beside the output changes nothing', (n) => {
    const out = tempFolder()
    writeOutput(out, OLD)
    expect(killedAt(out, `writeFileSync:${n}`)).toBe(true)
    expect(filesIn(out)).toEqual(afterRun(OLD))
    expect(writeOutput(out, NEW).written).toBe(5)
    expect(filesIn(out)).toEqual(afterRun(NEW))
  })

  // The first renameSync completes the journal; the others move files into place.
  it.each([2, 3, 4, 5, 6])('at move %i into place is finished by the next', (n) => {
    const out = tempFolder()
    writeOutput(out, OLD)
    expect(killedAt(out, `renameSync:${n}`)).toBe(true)
    expect(writeOutput(out, NEW)).toMatchObject({ written: 0, removed: 0 })
    expect(filesIn(out)).toEqual(afterRun(NEW))
  })

  it('is finished even when the next one makes something else', () => {
    const out = tempFolder()
    writeOutput(out, OLD)
    expect(killedAt(out, 'renameSync:4')).toBe(true)
    writeOutput(out, OLD)
    expect(filesIn(out)).toEqual(afterRun(OLD))
  })
})

describe('recovery', () => {
  it('refuses to work beside a run that is alive', () => {
    const out = tempFolder()
    mkdirSync(join(out, `.cache/binapi-gen-${process.ppid}`), { recursive: true })
    expect(() => writeOutput(out, NEW)).toThrow(
      expect.objectContaining({
        code: 'BINAPI_OUTPUT',
        message: expect.stringContaining(`process ${process.ppid}`) as string,
      }) as Error,
    )
  })

  it('does not follow a journal out of the folder', () => {
    const outer = tempFolder({ 'victim.txt': 'mine' })
    const out = join(outer, 'out')
    // No process has this number: Linux gives at most 2^22.
    const staging = '.cache/binapi-gen-4194305'
    writeFiles(out, {
      [`${staging}/0`]: 'evil',
      [`${staging}/journal.json`]: { files: ['../victim.txt'], remove: ['../victim.txt'] },
    })
    expect(() => writeOutput(out, NEW)).toThrow('the journal in')
    expect(filesIn(outer)['victim.txt']).toBe('mine')
  })

  it('leaves other things in the cache alone', () => {
    const out = tempFolder()
    mkdirSync(join(out, '.cache'))
    writeFileSync(join(out, '.cache/binapi-gen-notes'), 'mine')
    writeOutput(out, NEW)
    expect(filesIn(join(out, '.cache'))['binapi-gen-notes']).toBe('mine')
  })
})
