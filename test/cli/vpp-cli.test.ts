import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Simulator } from '@vpp-ts/simulator'
import { build } from '../linux/child.ts'
import { lines, vppTs } from './command.ts'

let simulator: Simulator
beforeAll(async () => {
  build('cli')
  simulator = await Simulator.start()
})
afterAll(() => simulator.close())

const run = (args: readonly string[], input = '') => vppTs(['-s', simulator.path, 'cli', ...args], { input })

describe('vpp-ts cli', () => {
  it('runs a command, in words or as one', async () => {
    const words = await run(['show', 'version'])
    expect(words.stdout).toMatch(/^vpp v26\.06/)
    expect((await run(['show version'])).stdout).toBe(words.stdout)
  })

  it('runs commands from stdin, but no comments and empty lines', async () => {
    const { stdout, status } = await run([], '# first\n\nshow version\n  show interface  \n')
    expect(status).toBe(0)
    expect(stdout).toContain('vpp v26.06')
    expect(stdout).toContain('local0')
    expect(simulator.requests.count('cli_inband')).toBeGreaterThanOrEqual(4)
  })

  it('names the line of a file that failed, and runs none after it', async () => {
    const { status, stdout, stderr } = await run(
      [],
      '# first\n\nshow version\n  show nonsense  \nshow interface\n',
    )
    expect(status).toBe(1)
    expect(stderr).toMatch(/^vpp-ts: line 4 \(show nonsense\): show: unknown input/)
    expect(stdout).toContain('vpp v26.06')
    expect(stdout).not.toContain('local0')
  })

  it('lets nothing that VPP says control the terminal', async () => {
    simulator.addCommand('show evil', () => 'a\u001B[2J\tb\u009Bc\r\nd\n')
    const { stdout } = await run(['show', 'evil'])
    expect(stdout).toBe('a\\u001b[2J\tb\\u009bc\nd\n')
  })

  it('prints JSON with the command', async () => {
    const { stdout } = await run(['show', 'version', '-o', 'ndjson'])
    expect(JSON.parse(lines(stdout)[0] ?? '')).toEqual({
      command: 'show version',
      reply: expect.stringContaining('vpp v26') as string,
    })
  })

  it('says what VPP refused, with exit code 1', async () => {
    const { status, stderr } = await run(['show', 'nonsense'])
    expect(status).toBe(1)
    expect(stderr).toMatch(/^vpp-ts: show: unknown input/)
  })
})
