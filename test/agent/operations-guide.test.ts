import { readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readAgentConfig, startAgent, type Agent, type ItemInput } from '@vpp-ts/agent'
import { Simulator } from '@vpp-ts/simulator'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { run } from './commands.ts'
import { items, temporaryFolder } from './managed.ts'
import { stateOf } from './model-state.ts'
import { writeConfig } from './served.ts'

const GUIDES = ['operations.md', 'agent-offline.md'].map((name) =>
  fileURLToPath(new URL(`../../docs/${name}`, import.meta.url)),
)

const ITEMS: ItemInput[] = [
  { kind: 'vrf', id: 10 },
  { kind: 'memif-socket', id: 7, path: '/run/vpp/seven.sock' },
  { kind: 'interface', type: 'memif', name: 'peer', role: 'master', socket: 7, id: 3, secret: 'hush' },
  { kind: 'interface', type: 'loopback', name: 'lan', table: 10, addresses: ['192.0.2.1/24'] },
  { kind: 'acl', name: 'web', rules: [{ action: 'permit' }], ingress: ['lan'] },
  { kind: 'neighbour', interface: 'lan', address: '192.0.2.9', mac: '02:00:00:00:00:09' },
  { kind: 'route', prefix: '10.0.0.0/8', table: 10, paths: [{ interface: 'lan' }] },
]

/** Lines that begin with the program, of all blocks of a guide. */
function linesOf(path: string): string[] {
  const blocks = readFileSync(path, 'utf8').matchAll(/^ *```(?:sh|console)\n([^]*?)^ *```/gm)
  return [...blocks].flatMap(([, text = '']) =>
    text
      .split('\n')
      .map((line) =>
        line
          .trim()
          .replace(/^\$ /, '')
          .replace(/\s+#.*$/, ''),
      )
      .filter((line) => line.startsWith('vpp-ts-agent ')),
  )
}

async function startOn(config: string): Promise<Agent> {
  const agent = await startAgent(await readAgentConfig(config), pino({ level: 'silent' }))
  await agent.instance('one').settled()
  return agent
}

describe('commands of the guides', () => {
  it.each(GUIDES.map((path) => [path.replace(/.*\//, ''), path] as const))(
    '%s: they exist, with these options',
    async (_name, path) => {
      const lines = linesOf(path)
      expect(lines.length).toBeGreaterThan(3)
      const { out: known } = await run(['--help'])
      for (const line of lines) {
        const [, name = ''] = line.split(/\s+/)
        const isCommand = !name.startsWith('-')
        if (isCommand) expect(known).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'))
        const { out: help } = await run(isCommand ? [name, '--help'] : ['--help'])
        for (const option of line.match(/(?<= )--[\w-]+/g) ?? [])
          expect(`${line}\n${help}`).toContain(` ${option}`)
      }
    },
  )
})

describe('a lost store', () => {
  it('comes back from what VPP has, or from an export, and nothing changes in VPP', async () => {
    await using folder = await temporaryFolder()
    await using vpp = await Simulator.start({ path: join(folder.path, 'api.sock') })
    const config = writeConfig(folder.path, vpp.path, { rest: { port: 0 } })
    const backup = join(folder.path, 'before.export')
    const secrets = join(folder.path, 'secrets.yaml')
    writeFileSync(secrets, JSON.stringify(ITEMS.filter((it) => 'secret' in it)))
    {
      await using agent = await startOn(config)
      const instance = agent.instance('one')
      await instance.put(items(...ITEMS))
      await instance.settled()
      expect(instance.statuses().filter(({ state }) => state !== 'applied')).toEqual([])
    }
    const before = stateOf(vpp)
    expect((await run(['export', '--config', config, '--file', backup])).code).toBe(0)

    await rm(join(folder.path, 'store'), { recursive: true })
    const dumped = await run(['dump', '--config', config])
    expect(dumped.out).toMatch(/^# left out: interface "peer": .*secret/m)
    const refused = await run(['dump', '--config', config, '--adopt'])
    expect(refused.err).toMatch(/would remove what VPP does not fully report: interface "peer"/)
    expect(refused.code).not.toBe(0)
    const taken = await run(['dump', '--config', config, '--adopt', '--with', secrets])
    expect([taken.code, taken.err]).toEqual([
      0,
      expect.stringMatching(/^\d+ items are declared; \d+ objects are/) as string,
    ])
    for (const fill of [
      () => Promise.resolve(),
      async () => {
        await rm(join(folder.path, 'store'), { recursive: true })
        expect((await run(['import', '--config', config, '--file', backup])).code).toBe(0)
      },
    ]) {
      await fill()
      await using agent = await startOn(config)
      const instance = agent.instance('one')
      expect((await instance.plan()).changes).toEqual([])
      expect(await instance.resync()).toMatchObject({ applied: 0, failed: 0, waiting: 0 })
      expect(instance.statuses().filter(({ state }) => state !== 'applied')).toEqual([])
      expect(stateOf(vpp)).toEqual(before)
    }
  })
})
