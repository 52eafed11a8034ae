import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Simulator } from '@vpp-ts/simulator'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { run as runCommand } from './commands.ts'
import { temporaryFolder } from './managed.ts'
import { serve, writeConfig } from './served.ts'
import { ITEMS, setUp } from './set-up-by-cli.ts'

function itemsIn(yaml: string): unknown[] {
  return (parse(yaml) as { items: unknown[] }).items
}

describe('dump', () => {
  it('writes a file of items, with the schema for editors, from an agent and without one', async () => {
    await using served = await serve({ prepare: setUp })
    const one = await runCommand(['dump', '--server', served.url])
    expect(one).toMatchObject({ code: 0, err: '' })
    expect(one.out).toMatch(new RegExp(`^# yaml-language-server: \\$schema=${served.url}/api/v1/schema\n`))
    expect((await served.ask('GET', '/api/v1/schema')).body).toMatchObject({ $defs: { vrf: {} } })
    expect(itemsIn(one.out)).toEqual(expect.arrayContaining(ITEMS))

    const alone = await runCommand(['dump', '--socket', served.vpp.path])
    expect(itemsIn(alone.out)).toEqual(itemsIn(one.out))
    const some = await runCommand(['dump', '--server', served.url, '--kind', 'acl,vrf', '--json'])
    expect((JSON.parse(some.out) as { items: { kind: string }[] }).items.map(({ kind }) => kind)).toEqual([
      'vrf',
      'acl',
    ])
    expect(await runCommand(['dump', '--socket', served.vpp.path, '--kind', 'lamp'])).toMatchObject({
      err: expect.stringContaining('there is no kind "lamp"') as string,
    })
    expect((await runCommand(['dump', '--socket', served.vpp.path, '--adopt'])).code).toBe(2)
  })

  it('takes over, and the file of it changes nothing afterwards', async () => {
    await using served = await serve({ prepare: setUp })
    const taken = await runCommand(['dump', '--adopt', '--server', served.url, '--origin', 'router'])
    expect(taken.code).toBe(0)
    expect(taken.err).toMatch(/^\d+ items are declared; \d+ objects are the agent's from now on\n$/)
    const again = await served.ask('PUT', '/desired?origin=router&wait=true', itemsIn(taken.out))
    expect(again.body).toMatchObject({ created: 0, changed: 0, removed: 0, conflicts: [], problems: [] })
    expect((await served.ask('GET', '/plan')).body).toEqual({ changes: [] })
  })

  it('takes over into the store of an agent that does not run, with what VPP does not tell', async () => {
    await using folder = await temporaryFolder()
    await using vpp = await Simulator.start({ path: join(folder.path, 'api.sock') })
    await setUp(vpp.path)
    const config = writeConfig(folder.path, vpp.path)
    const dump = await runCommand(['dump', '--config', config])
    const taken = await runCommand(['dump', '--config', config, '--adopt'])
    expect(taken).toMatchObject({ code: 0, out: dump.out })
    const more = await runCommand(['dump', '--config', config, '--adopt'])
    expect(more.err).toBe("0 items are declared; 0 objects are the agent's from now on\n")
  })
})

describe('check', () => {
  it('ends by what it has found, and says it in three forms', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'items.yaml')
    writeFileSync(file, 'items:\n  - kind: vrf\n    id: 7\n')
    expect(await runCommand(['check', file])).toMatchObject({
      code: 0,
      out: '1 item in 1 file: 0 errors, 0 warnings\n',
      err: '',
    })
    writeFileSync(file, 'items:\n  - kind: route\n    prefix: 10.0.0.0/8\n    paths: [{ interface: lan }]\n')
    const warned = await runCommand(['check', file])
    expect(warned.out).toMatch(/^.*items\.yaml:2:5: warning: route "0\/10\.0\.0\.0\/8" needs interface "lan"/)
    expect([warned.code, (await runCommand(['check', '--strict', file])).code]).toEqual([0, 1])
    writeFileSync(file, 'items:\n  - kind: vrf\n    id: seven\n')
    const wrong = await runCommand(['check', file])
    expect(wrong).toMatchObject({ code: 1, err: '' })
    expect(wrong.out).toMatch(/items\.yaml:3:9: error: id: expected a whole number .* \(schema\)\n {4}see /)
    const json = JSON.parse((await runCommand(['check', '--json', file])).out) as unknown
    expect(json).toMatchObject({ files: 1, findings: [{ line: 3, column: 9, code: 'schema', field: 'id' }] })
    const sarif = JSON.parse((await runCommand(['check', '--sarif', file])).out) as unknown
    expect(sarif).toMatchObject({ version: '2.1.0', runs: [{ results: [{ ruleId: 'schema' }] }] })
  })

  it('of a configuration reads the folders that it names', async () => {
    await using folder = await temporaryFolder()
    const watch = join(folder.path, 'items')
    mkdirSync(watch)
    writeFileSync(join(watch, 'a.yaml'), 'items:\n  - kind: vrf\n    id: seven\n')
    const config = writeConfig(folder.path, join(folder.path, 'api.sock'), { instance: { watch } })
    const wrong = await runCommand(['--config', config, '--check'])
    expect(wrong).toMatchObject({ code: 1, out: expect.stringContaining('a.yaml:3:9: error: id') as string })
    writeFileSync(join(watch, 'a.yaml'), 'items: []\n')
    expect(await runCommand(['--config', config, '--check'])).toMatchObject({ code: 0, err: '' })
  })
})

describe('explain and schema', () => {
  it('say what kinds and fields are for', async () => {
    const kinds = await runCommand(['explain'])
    expect(kinds.out).toMatch(/^KIND +WHAT IT IS\n/)
    expect(kinds.out).toMatch(/^route +A route/m)
    const route = await runCommand(['explain', 'route'])
    expect(route.out).toMatch(/^route: A route/)
    expect(route.out).toMatch(/^prefix +text +required$/m)
    expect((await runCommand(['explain', 'route.paths[].nextHop'])).out).toMatch(
      /^route\.paths\.nextHop: text, optional\n {2}Address of the next hop/,
    )
    expect((await runCommand(['explain', 'interface.mode'])).out).toMatch(
      /^interface\.mode \(type: memif\).*\n.*\ninterface\.mode \(type: bond\)/,
    )
    expect((await runCommand(['explain', 'interface.linuxCp.hostName'])).out).toMatch(/15 bytes/)
    expect((await runCommand(['explain', 'interface.members[0].weight'])).out).toMatch(
      /^interface\.members\.weight/,
    )
    expect(await runCommand(['explain', 'rout'])).toMatchObject({
      err: 'vpp-ts-agent: there is no kind "rout"; did you mean route?\n',
    })
    expect(JSON.parse((await runCommand(['explain', 'vrf', '--json'])).out)).toMatchObject({ type: 'object' })
  })

  it('the schema that is written is that of the agent', async () => {
    await using served = await serve()
    const { out } = await runCommand(['schema'])
    expect(JSON.parse(out)).toEqual((await served.ask('GET', '/api/v1/schema')).body)
  })
})

describe('graph', () => {
  it('tells objects, what they need, and how their items stand; as JSON, DOT and Mermaid', async () => {
    await using served = await serve()
    const lan = { kind: 'interface', type: 'loopback', name: 'lan', table: 10, addresses: ['192.0.2.1/24'] }
    const acl = { kind: 'acl', name: 'web', rules: [{ action: 'permit' }], ingress: ['lan'] }
    const route = { kind: 'route', prefix: '10.0.0.0/8', paths: [{ interface: 'w"an' }] }
    await served.ask('POST', '/desired?wait=true', [lan, acl, route])
    const { body } = await served.ask('GET', '/graph')
    const { nodes, edges, omitted } = body as {
      nodes: { id: string; isDeclared: boolean; state: string | null }[]
      edges: { from: string; to: string; isNeed: boolean }[]
      omitted: number
    }
    const ids = nodes.map(({ id }) => id)
    expect(ids).toEqual(
      expect.arrayContaining(['table 4/10', 'interface lan', 'address lan/192.0.2.1/24', 'acl web']),
    )
    expect(ids).not.toContain('route 0/10.0.0.0/8')
    expect(omitted).toBe(0)
    expect(nodes.find(({ id }) => id === 'acl web')).toMatchObject({ isDeclared: true, state: 'applied' })
    expect(edges).toContainEqual({ from: 'acl-binding lan', to: 'acl web', isNeed: true })
    expect(edges).toContainEqual({ from: 'interface-up lan', to: 'acl-binding lan', isNeed: false })
    for (const { from, to } of edges) expect(ids).toEqual(expect.arrayContaining([from, to]))

    const routes = await runCommand(['graph', '--server', served.url, '--kind', 'route'])
    expect(routes.out).toContain(String.raw`"route 0/10.0.0.0/8" -> "interface w\"an"`)
    expect(routes.out).toContain(
      String.raw`"interface w\"an" [label="interface\nw\"an", style="filled,dashed"`,
    )
    expect(routes.out).toMatch(/^digraph vpp \{\n[^]*\}\n$/)
    const mermaid = await runCommand([
      'graph',
      '--server',
      served.url,
      '--kind',
      'route',
      '--format',
      'mermaid',
    ])
    expect(mermaid.out).toBe(
      'flowchart RL\n  n0["route<br>0/10.0.0.0/8"]\n  n1["interface<br>w#34;an"]\n  n0 --> n1\n' +
        '  style n0 fill:#fdebd0,color:#1b2631\n  style n1 fill:#ffffff,color:#1b2631,stroke-dasharray:4\n',
    )
    const few = await runCommand(['graph', '--server', served.url, '--limit', '2'])
    expect(few.err).toMatch(/^\d+ objects are left out/)
    expect((await served.ask('GET', '/graph?kind=lamp')).status).toBe(400)
  })
})

describe('completion', () => {
  it('comes from the live agent: kinds, keys, revisions, instances, fields', async () => {
    await using served = await serve()
    await served.ask('POST', '/desired?wait=true', [
      { kind: 'vrf', id: 10 },
      { kind: 'vrf', id: 11 },
    ])
    const server = ['--server', served.url]
    const candidates = async (...words: string[]): Promise<string[]> => {
      const { code, out, err } = await runCommand(['complete', '--', ...words])
      expect({ code, err }).toEqual({ code: 0, err: '' })
      return out.split('\n').filter((it) => it !== '')
    }
    expect(await candidates('expl')).toEqual(['explain'])
    expect(await candidates('com')).not.toContain('complete')
    expect(await candidates('graph', '--for')).toEqual(['--format'])
    expect(await candidates('graph', '--format', '')).toEqual(['dot', 'mermaid'])
    expect(await candidates('completion', 'z')).toEqual(['zsh'])
    expect(await candidates('dump', ...server, '--kind', 'nat44-s')).toEqual(['nat44-static'])
    expect(await candidates('dump', ...server, '--kind', 'acl,nat44-s')).toEqual(['acl,nat44-static'])
    expect(await candidates('dump', ...server, '--instance', '')).toEqual(['one'])
    expect(await candidates('dump', ...server, '--origin', 'a')).toEqual(['api'])
    expect(await candidates('explain', 'rou')).toEqual(['route.'])
    expect(await candidates('explain', 'route.p')).toEqual(['route.prefix', 'route.paths.'])
    expect(await candidates('explain', 'route.paths[].ne')).toEqual(['route.paths[].nextHop'])
    expect(await candidates('check', '')).toEqual([])
    // Without an agent there are fewer, and no error.
    expect(await candidates('dump', '--server', 'http://127.0.0.1:1', '--instance', '')).toEqual([])
    expect(await candidates('dump', '--server', 'http://127.0.0.1:1', '--kind', 'vr')).toEqual(['vrf'])
    expect((await runCommand(['complete', '--bash', 'vpp-ts-agent explain route.pre'])).out).toBe(
      'route.prefix\n',
    )
    for (const shell of ['bash', 'zsh', 'fish']) {
      expect((await runCommand(['completion', shell])).out).toMatch(/vpp-ts-agent/)
    }
  })
})
