import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { VppReplyTimeoutError } from '@vpp-ts/runtime'
import { explainConnectError } from '@vpp-ts/runtime/internal'
import { CliError } from './errors.ts'
import { EXIT } from '@vpp-ts/command'
import { explain } from './explain.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpp-ts-explain-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

const failed = (code: string, path = join(folder, 'api.sock')) =>
  explain(explainConnectError(path, Object.assign(new Error(code), { code })), folder)

describe('what to do', () => {
  it('when there is no socket: the other VPPs of this machine', () => {
    expect(failed('ENOENT')?.remedy).toMatch(/systemctl start vpp/)
    for (const name of ['one', 'two']) {
      mkdirSync(join(folder, name))
      writeFileSync(join(folder, name, 'api.sock'), '')
    }
    const found = failed('ENOENT', join(folder, 'three', 'api.sock'))
    expect(found).toMatchObject({
      exitCode: EXIT.unreachable,
      remedy: 'there are sockets of other VPPs: try --prefix one or --prefix two',
    })
    writeFileSync(join(folder, 'api.sock'), '')
    expect(failed('ENOENT', join(folder, 'three', 'api.sock'))?.remedy).toContain(join(folder, 'api.sock'))
  })

  it('when the user may not open it', () => {
    expect(failed('EACCES')?.remedy).toMatch(/group vpp: sudo usermod -aG vpp /)
    const path = join(folder, 'api.sock')
    writeFileSync(path, '')
    expect(failed('EACCES', path)?.remedy).toMatch(/sudo/)
  })

  it('when it is another socket, or nobody listens', () => {
    expect(failed('EPROTOTYPE')).toMatchObject({
      problem: expect.stringMatching(/another kind/) as string,
      remedy: expect.stringMatching(/--socket/) as string,
    })
    expect(failed('ECONNREFUSED')?.remedy).toMatch(/start VPP again/)
    expect(failed('EMFILE')?.remedy).toMatch(/--socket/)
  })

  it('when VPP does not answer, and when the user is wrong', () => {
    expect(explain(new VppReplyTimeoutError('x', 1, 5000))).toMatchObject({ exitCode: EXIT.timeout })
    expect(explain(new CliError('CLI_USAGE', 'p', 'r'))).toEqual({
      problem: 'p',
      remedy: 'r',
      exitCode: EXIT.usage,
    })
    expect(explain(new CliError('CLI_FAILED', 'p'))?.exitCode).toBe(EXIT.failed)
  })

  it('is not said of errors of the program itself', () => {
    expect(explain(new TypeError('x'))).toBeUndefined()
  })
})
