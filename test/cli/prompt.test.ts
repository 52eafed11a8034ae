import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { Output, main } from '@vpp-ts/cli'
import { Simulator } from '@vpp-ts/simulator'

it('vpp-ts cli without words is a prompt on a terminal', async () => {
  await using simulator = await Simulator.start()
  const terminal = { isTTY: true } as const
  const input = Object.assign(new PassThrough(), terminal)
  const screen = Object.assign(new PassThrough(), terminal)
  const env = { VPP_TS_HISTORY: '', VPP_API_SOCKET: simulator.path, TERM: 'dumb' }
  const out = new Output(screen, env, () => {})
  const context = { out, err: out, input, env, signal: new AbortController().signal }
  const ended = main(['cli'], context)
  input.write('show version\n')
  await simulator.requests.next('cli_inband')
  input.write('show nonsense\nshow interface\nquit\n')
  expect(await ended).toBe(0)
  // read() gives one chunk or all, depending on Node's version.
  let text = ''
  for (let chunk: unknown = screen.read(); chunk !== null; chunk = screen.read()) text += String(chunk)
  expect(text).toContain('vpp v26.06')
  expect(text).toContain("show: unknown input `nonsense'")
  expect(text).toContain('local0')
})
