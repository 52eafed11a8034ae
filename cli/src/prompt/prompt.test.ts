import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { VppConnectionLostError } from '@vpp-ts/runtime'
import { CliError } from '../errors.ts'
import { Host } from '../host.ts'
import { Output } from '../output/output.ts'
import { historyFile, readHistory } from './history.ts'
import { prompt } from './prompt.ts'

let folder: string
let input: PassThrough
let screen: PassThrough
let host: Host
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpp-ts-prompt-'))
  input = new PassThrough()
  screen = new PassThrough()
  const env = { VPP_TS_HISTORY: join(folder, 'deep', 'history') }
  const out = new Output(screen, env, () => {})
  const context = { out, err: out, input, env, signal: new AbortController().signal }
  host = new Host(context, () => ({ output: 'table', timeout: 1 }))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** All that is on the screen: read() gives one chunk or all, depending on Node's version. */
function shown(): string {
  let text = ''
  for (let chunk: unknown = screen.read(); chunk !== null; chunk = screen.read()) text += String(chunk)
  return text
}
const run = (line: string) =>
  line === 'bad' ? Promise.reject(new CliError('CLI_FAILED', 'VPP refuses')) : Promise.resolve(`ran ${line}`)

describe('the prompt', () => {
  it('runs lines until quit, shows what VPP refuses, and keeps the history', async () => {
    input.write('show one\n  \nbad\nshow two\nquit\nnever\n')
    await prompt(host, run)
    const text = shown()
    expect(text).toContain('vpp# ')
    expect(text).toContain('ran show one\n')
    expect(text).toContain('VPP refuses\n')
    expect(text).toContain('ran show two\n')
    expect(text).not.toContain('ran never')
    const file = historyFile(host.context.env) ?? ''
    expect(readFileSync(file, 'utf8')).toMatch(/^show one\nbad\nshow two\nquit\n/)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect((await readHistory(file)).at(-1)).toBe('show one')
  })

  it('closes a history that was open to others', async () => {
    const file = historyFile(host.context.env) ?? ''
    mkdirSync(dirname(file))
    writeFileSync(file, 'old\n', { mode: 0o644 })
    input.write('show one\nquit\n')
    await prompt(host, run)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('shows what VPP says without obeying it', async () => {
    input.write('evil\nbad\nquit\n')
    await prompt(host, (line) =>
      line === 'evil'
        ? Promise.resolve('a\u001B]0;title\u0007b\tc\r\nd')
        : Promise.reject(new CliError('CLI_FAILED', 'x\u009B2J')),
    )
    const text = shown()
    expect(text).toContain('a\\u001b]0;title\\u0007b\tc\nd\n')
    expect(text).toContain('x\\u009b2J')
  })

  it('ends with its input', async () => {
    input.end('show one\n')
    await prompt(host, run)
    expect(shown()).toContain('ran show one')
  })

  it('ends when the connection is lost', async () => {
    input.write('show one\n')
    const lost = () => Promise.reject(new VppConnectionLostError('x'))
    await expect(prompt(host, lost)).rejects.toMatchObject({ code: 'VPP_CONNECTION_LOST' })
  })
})

describe('the history', () => {
  it('is where the environment says, or nowhere', async () => {
    expect(historyFile({ VPP_TS_HISTORY: '' })).toBeUndefined()
    expect(historyFile({ XDG_STATE_HOME: '/state' })).toBe('/state/vpp-ts/history')
    expect(historyFile({})).toMatch(/\.local\/state\/vpp-ts\/history$/)
    expect(await readHistory(undefined)).toEqual([])
    expect(await readHistory(join(folder, 'none'))).toEqual([])
  })
})
