import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Source, SourceStatus } from '@vpp-ts/agent'
import { Simulator } from '@vpp-ts/simulator'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from './managed.ts'
import { Program } from './processes.ts'
import { serve, type Served } from './served.ts'

const LAN = '- { kind: interface, type: loopback, name: lan, addresses: [192.0.2.1/24] }\n'
const ROUTE = '- { kind: route, prefix: 10.0.0.0/8, paths: [{ nextHop: 192.0.2.9, interface: lan }] }\n'

function routes(count: number): string {
  const line = (_: unknown, i: number): string => `- { kind: route, prefix: 11.0.${i}.0/24, drop: true }\n`
  return Array.from({ length: count }, line).join('')
}

/** An agent that follows a folder. */
interface Watching extends AsyncDisposable {
  readonly served: Served
  /** The folder. */
  readonly items: string
  readonly source: Source
  /** Settles when the source is in this state, of a time after `after`. */
  until(state: SourceStatus['state'], after?: Date): Promise<SourceStatus>
  /** Settles when VPP has been told all, and says which items there are. */
  keys(): Promise<string[]>
}

async function watching(files: Record<string, string>, instance: object = {}): Promise<Watching> {
  const folder = await temporaryFolder()
  const items = join(folder.path, 'items')
  mkdirSync(items)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(items, name), text)
  const served = await serve({ instance: { watch: items, ...instance } })
  const [source] = served.agent.sources
  if (source === undefined) throw new Error('no source')
  const until = async (state: SourceStatus['state'], after = new Date(0)): Promise<SourceStatus> => {
    while (source.status.state !== state || source.status.since <= after) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    return source.status
  }
  return {
    served,
    items,
    source,
    until,
    async keys() {
      const vpp = served.agent.instance('one')
      await vpp.settled()
      return (await vpp.desired()).map((item) =>
        'prefix' in item ? item.prefix : String('name' in item && item.name),
      )
    },
    async [Symbol.asyncDispose]() {
      await served[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

/** Requests that change routes or interfaces of VPP. */
function changesOf({ served }: Watching): number {
  const { requests } = served.vpp
  return [
    'ip_route_add_del_v2',
    'create_loopback_instance',
    'delete_loopback',
    'sw_interface_set_flags',
  ].reduce((sum, name) => sum + requests.count(name), 0)
}

/** Settles when a folder was read once more: a file that says nothing wrong and nothing new has been taken. */
async function reread(watched: Watching): Promise<void> {
  const file = join(watched.items, 'zz-marker.yaml')
  writeFileSync(file, '- { kind: route, prefix: 203.0.113.0/24, drop: true }\n')
  const vpp = watched.served.agent.instance('one')
  while ((await vpp.get({ kind: 'route', key: '0/203.0.113.0/24' })) === undefined) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

describe('a watched folder', () => {
  it('a file that is renamed, and items that move between files, change nothing in VPP', async () => {
    await using watched = await watching({ 'a.yaml': LAN + ROUTE, 'b.yaml': routes(20) })
    await watched.until('ok')
    expect(await watched.keys()).toHaveLength(22)
    const before = changesOf(watched)
    const head = (await watched.served.agent.instance('one').declared.revisions()).length
    renameSync(join(watched.items, 'a.yaml'), join(watched.items, 'c.yaml'))
    writeFileSync(join(watched.items, 'c.yaml'), LAN)
    writeFileSync(join(watched.items, 'b.yaml'), ROUTE + routes(20))
    await reread(watched)
    expect(await watched.keys()).toHaveLength(23)
    // The marker's own route.
    expect(changesOf(watched)).toBe(before + 1)
    expect(await watched.served.agent.instance('one').declared.revisions()).toHaveLength(head + 1)
  })

  it('a file that is truncated or empty, and a folder without files, remove nothing', async () => {
    await using watched = await watching({ 'a.yaml': LAN + ROUTE, 'b.yaml': routes(20) })
    await watched.until('ok')
    await watched.keys()
    const before = changesOf(watched)
    truncateSync(join(watched.items, 'a.yaml'))
    expect((await watched.until('partial')).problems).toMatchObject([
      { where: 'a.yaml', message: expect.stringContaining('items: []') as string },
    ])
    for (const name of readdirSync(watched.items)) rmSync(join(watched.items, name))
    while (watched.source.status.problems[0]?.message.includes('no files') !== true) {
      await watched.until('partial', watched.source.status.since)
    }
    rmSync(watched.items, { recursive: true })
    expect((await watched.until('failed')).problems).toMatchObject([{ where: watched.items }])
    mkdirSync(watched.items)
    await watched.until('partial')
    expect(await watched.keys()).toHaveLength(22)
    expect(changesOf(watched)).toBe(before)

    writeFileSync(join(watched.items, 'a.yaml'), LAN + ROUTE)
    writeFileSync(join(watched.items, 'b.yaml'), `${routes(19)}# one less\n`)
    await watched.until('ok')
    expect(await watched.keys()).toHaveLength(21)
  })

  it('is followed when another folder takes its name, and through a link that is switched', async () => {
    await using folder = await temporaryFolder()
    const [one, two] = [join(folder.path, '1'), join(folder.path, '2')]
    for (const [path, text] of [
      [one, LAN],
      [two, LAN + ROUTE],
    ] as const) {
      mkdirSync(path)
      writeFileSync(join(path, 'a.yaml'), text)
    }
    const link = join(folder.path, 'current')
    symlinkSync(one, link)
    await using watched = await watching({}, { watch: link })
    await watched.until('ok')
    expect(await watched.keys()).toEqual(['lan'])
    symlinkSync(two, `${link}.new`)
    renameSync(`${link}.new`, link)
    const vpp = watched.served.agent.instance('one')
    const until = async (key: string): Promise<void> => {
      while ((await vpp.get({ kind: 'route', key })) === undefined) {
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
    await until('0/10.0.0.0/8')
    renameSync(two, `${two}.old`)
    mkdirSync(two)
    writeFileSync(join(two, 'a.yaml'), LAN + ROUTE + routes(1))
    await until('0/11.0.0.0/24')
  })

  it('a file with a bad item keeps its others; file, line and field are told, and nothing is removed', async () => {
    await using watched = await watching({ 'a.yaml': LAN, 'b.yaml': routes(3) })
    await watched.until('ok')
    await watched.keys()
    const bad = `# comment\n- { kind: interface, type: loopback, name: wan }
- kind: route
  prefix: 10.0.0.0/8
  paths:
    - { nextHop: nonsense }
- { kind: moon }\n`
    writeFileSync(join(watched.items, 'a.yaml'), bad)
    writeFileSync(join(watched.items, 'b.yaml'), routes(2))
    const { problems } = await watched.until('partial')
    expect(problems).toMatchObject([
      { where: 'a.yaml:6', field: 'paths.0.nextHop', message: expect.stringContaining('IPv4') as string },
      { where: 'a.yaml:7', field: 'kind' },
    ])
    expect((await watched.keys()).sort()).toEqual(['11.0.0.0/24', '11.0.1.0/24', '11.0.2.0/24', 'lan', 'wan'])
    expect((await watched.served.ask('GET', '/sources')).body).toMatchObject({
      sources: [{ origin: 'folder', state: 'partial', problems: [{ where: 'a.yaml:6' }, {}] }],
    })
    writeFileSync(join(watched.items, 'a.yaml'), LAN)
    await watched.until('ok')
    expect((await watched.keys()).sort()).toEqual(['11.0.0.0/24', '11.0.1.0/24', 'lan'])
  })

  it('no text of a file that is not YAML is told: it may be a secret', async () => {
    await using watched = await watching({
      'a.yaml': `- { kind: interface, type: memif, name: m, role: master, secret: "hunter2" "hunter3 }\n`,
    })
    const { problems } = await watched.until('partial')
    expect(problems).toMatchObject([
      { where: 'a.yaml:1', message: expect.stringContaining('not YAML') as string },
    ])
    expect(JSON.stringify(problems)).not.toContain('hunter')
  })

  it('removing most of it waits until somebody confirms, and an explicit "nothing" does too', async () => {
    await using watched = await watching({ 'a.yaml': LAN, 'b.yaml': routes(30) })
    await watched.until('ok')
    await watched.keys()
    writeFileSync(join(watched.items, 'b.yaml'), 'items: []\n')
    expect((await watched.until('held')).problems).toMatchObject([
      { message: expect.stringContaining('would remove 30 of its 31 items') as string },
    ])
    expect(await watched.keys()).toHaveLength(31)
    expect((await watched.served.ask('POST', '/sources/folder/confirm')).status).toBe(202)
    await watched.until('ok')
    expect(await watched.keys()).toEqual(['lan'])
    expect((await watched.served.ask('POST', '/sources/folder/confirm')).body).toMatchObject({
      code: 'AGENT_CONFIRMATION',
    })
  })

  it('an item of a request stays its own; the folder is told that it is in conflict', async () => {
    await using watched = await watching({ 'a.yaml': LAN })
    await watched.until('ok')
    const put = await watched.served.ask('PUT', '/routes/11.0.0.0%2F24?wait=true', { drop: true })
    expect(put.status).toBe(201)
    writeFileSync(
      join(watched.items, 'a.yaml'),
      `${LAN}- { kind: route, prefix: 11.0.0.0/24, paths: [{ nextHop: 192.0.2.9 }] }\n`,
    )
    while (watched.source.status.conflicts !== 1) await new Promise((resolve) => setTimeout(resolve, 20))
    expect((await watched.served.ask('GET', '/routes/11.0.0.0%2F24')).body).toMatchObject({
      item: { drop: true },
      origin: 'api',
      others: [{ origin: 'folder', agrees: false }],
    })
    expect((await watched.served.ask('GET', '/conflicts')).body).toEqual({
      total: 1,
      conflicts: [{ kind: 'route', key: '0/11.0.0.0/24', origin: 'folder', keeper: 'api' }],
    })
    const lan = await watched.served.ask('PUT', '/interfaces/lan', { type: 'loopback', mtu: 1400 })
    expect([lan.status, lan.body]).toMatchObject([409, { code: 'AGENT_CONFLICT' }])
    expect((await watched.served.ask('DELETE', '/routes/11.0.0.0%2F24?wait=true')).status).toBe(202)
    expect((await watched.served.ask('GET', '/routes/11.0.0.0%2F24')).body).toMatchObject({
      item: { drop: false },
      origin: 'folder',
    })
  })
})

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
    await agent.line((line) => line.includes('more.json:1: type'))
    expect(tags()).toContain('wan')
    writeFileSync(join(watched, 'twice.yaml'), 'kind: interface\ntype: loopback\nname: lan\n')
    await agent.line((line) => line.includes('is already defined in links.yaml:1'))
    rmSync(join(watched, 'more.json'))
    await until(() => !tags().includes('wan'))
    expect(tags()).toContain('lan')
    appendFileSync(join(watched, 'links.yaml'), LAN.replaceAll('lan', 'dmz'))
    await until(() => tags().includes('dmz'))
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
