import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Simulator } from '@vpp-ts/simulator'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from './managed.ts'
import { Program } from './processes.ts'

describe('the program vpp-ts-agent', () => {
  it('follows a folder, tells of bad files, and ends in peace', async () => {
    await using folder = await temporaryFolder()
    await using vpp = await Simulator.start({ path: join(folder.path, 'api.sock') })
    const watched = join(folder.path, 'items')
    mkdirSync(watched)
    writeFileSync(
      join(folder.path, 'agent.yaml'),
      `store: { kind: lmdb, path: store }
rest: false
metrics: false
instances: [{ name: vpp, govpp: { binapi-socket-path: api.sock }, watch: items }]
`.replace('api.sock', vpp.path),
    )
    writeFileSync(join(watched, 'links.yaml'), '- { kind: interface, type: loopback, name: lan }\n')
    await using agent = Program.agent('--config', join(folder.path, 'agent.yaml'))
    const tags = (): string[] => [...vpp.model.interfaces].map(({ tag }) => tag.split('/').at(-1) ?? '')
    const until = async (wanted: () => boolean): Promise<void> => {
      await agent.line((line) => /"msg":"(resync|apply)"/.test(line) && wanted())
    }
    await until(() => tags().includes('lan'))
    writeFileSync(
      join(watched, 'more.json'),
      '{"items":[{"kind":"interface","type":"loopback","name":"wan"}]}',
    )
    await until(() => tags().includes('wan'))
    writeFileSync(join(watched, 'more.json'), '{"items":[{"kind":"interface","type":"moon","name":"wan"}]}')
    await agent.line((line) => line.includes('more.json: item 1: type'))
    expect(tags()).toContain('wan')
    writeFileSync(join(watched, 'twice.yaml'), 'kind: interface\ntype: loopback\nname: lan\n')
    await agent.line((line) => line.includes('is in links.yaml already'))
    rmSync(join(watched, 'more.json'))
    await until(() => !tags().includes('wan'))
    expect(tags()).toContain('lan')
    expect(await agent.kill('SIGTERM')).toBe(0)
    expect(tags()).toContain('lan')
  })

  it('programs routes and says how many a second', async () => {
    await using vpp = await Simulator.start()
    await using program = Program.agent('routes', '--socket', vpp.path, '--count', '1000')
    await program.line((line) => /^1000 routes in [\d.]+ ms: \d+ routes\/second$/.test(line))
    expect(vpp.requests.count('ip_route_add_del_v2')).toBeGreaterThanOrEqual(1000)
  })

  it('says what is wrong with its arguments and its configuration', async () => {
    await using folder = await temporaryFolder()
    const config = join(folder.path, 'agent.yaml')
    writeFileSync(config, 'instances: []\n')
    await using program = Program.agent('--config', config)
    await program.line((line) => line.includes('agent.yaml: instances: expected at least one instance'))
    await using other = Program.agent('routes', '--count', 'many')
    await other.line((line) => line.includes('expected a whole number'))
  })
})
