import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { VppConnection } from '@vpp-ts/runtime'
import { list } from 'tar'
import { describe, expect, it } from 'vitest'
import { run, type Ran, type RunOptions } from './commands.ts'
import { temporaryFolder } from './managed.ts'
import { serve, type Served } from './served.ts'

const AGENT = fileURLToPath(new URL('../../agent/bin/vpp-ts-agent.js', import.meta.url))

const LAN = 'kind: interface\ntype: loopback\nname: lan\naddresses: [192.0.2.1/24]\n'
const ROUTES = `items:
  - { kind: route, prefix: 10.0.0.0/8, paths: [{ nextHop: 192.0.2.9 }] }
  - { kind: route, prefix: 172.16.0.0/12, drop: true }
`
const PEER = 'kind: interface\ntype: memif\nname: peer\nrole: master\nsecret: hunter2-hunter2\n'

/** An agent on a simulated VPP, a folder for files, and commands against it. */
async function operated(options: Parameters<typeof serve>[0] = {}) {
  const served = await serve(options)
  const folder = await temporaryFolder()
  return {
    served,
    folder: folder.path,
    file(name: string, text: string): string {
      const path = join(folder.path, name)
      writeFileSync(path, text)
      return path
    },
    run(args: readonly string[], more: RunOptions = {}): Promise<Ran> {
      return run([...args, ...(args.includes('--server') ? [] : ['--server', served.url])], more)
    },
    async [Symbol.asyncDispose]() {
      await served[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

async function keysOf(served: Served): Promise<string[]> {
  const { body } = await served.ask('GET', '/desired')
  return (body as { items: { key: string }[] }).items.map(({ key }) => key).sort()
}

describe('plan and apply', () => {
  it('show what files would change, change it, and then have nothing to do', async () => {
    await using op = await operated()
    const files = [op.file('lan.yaml', LAN), op.file('routes.yaml', ROUTES)]
    const plan = await op.run(['plan', ...files])
    expect([plan.code, plan.err]).toEqual([2, ''])
    expect(plan.out).toContain('+ interface lan\n')
    expect(plan.out).toContain('+ route 0/10.0.0.0/8\n')
    expect(plan.out).toContain('Items: 3 new, 0 changed, 0 dropped. VPP: ')
    expect(plan.out).not.toContain('\u001B')
    expect(await keysOf(op.served)).toEqual([])

    const applied = await op.run(['apply', ...files])
    expect([applied.code, applied.err]).toEqual([0, ''])
    expect(applied.out).toBe('Revision 1: 3 new, 0 changed, 0 removed.\n')
    expect((await op.run(['plan', ...files])).code).toBe(0)
    expect((await op.run(['apply', ...files])).out).toBe('Nothing to change: revision 1 has it all.\n')
    expect(await op.run(['plan'])).toMatchObject({
      code: 0,
      out: 'Nothing to change: VPP has what is declared.\n',
    })

    op.file('lan.yaml', LAN.replace('192.0.2.1', '192.0.2.2'))
    const second = await op.run(['plan', files[0] ?? ''])
    expect(second.code).toBe(2)
    expect(second.out).toContain('interface lan\n')
    expect(second.out).toContain('  + address lan/192.0.2.2/24\n')
    expect(second.out).toContain('  - address lan/192.0.2.1/24\n')
    expect(second.out).toContain('- route 172.16.0.0/12\n'.replace('172', '0/172'))
    expect(second.out).toContain('Items: 0 new, 1 changed, 2 dropped.')
  })

  it('tell the requests to VPP, and JSON', async () => {
    await using op = await operated()
    const file = op.file('lan.yaml', LAN + '---\n' + PEER)
    const api = await op.run(['plan', '--as', 'api', file])
    expect(api.code).toBe(2)
    expect(api.out).toContain('# create interface lan\ncreate_loopback_instance {')
    expect(api.out).toContain('"swIfIndex":"index of interface \\"lan\\""')
    expect(api.out).not.toContain('hunter2')
    const json = await op.run(['plan', '--json', file])
    expect(JSON.parse(json.out)).toMatchObject({ created: 2, held: null, conflicts: [] })
    expect(json.out + (await op.run(['plan', file])).out).not.toContain('hunter2')
  })

  it('a change that is not confirmed goes back, one that is stays', async () => {
    await using op = await operated()
    const lan = op.file('lan.yaml', LAN)
    const first = await op.run(['apply', '--confirm', '10m', lan])
    expect(first.code).toBe(0)
    expect(first.out).toMatch(
      /^Revision 1: 1 new.*\nRevision 1 is undone in \d+ s .* unless: vpp-ts-agent confirm\n$/,
    )
    expect((await op.run(['status'])).out).toContain('revision 1 is undone at')
    expect(await op.run(['confirm'])).toMatchObject({ code: 0, out: 'revision 1 stays\n' })
    const none = await op.run(['confirm'])
    expect(none).toMatchObject({ code: 1, out: '' })
    expect(none.err).toContain('no change awaits confirmation')
    expect(
      (await op.run(['apply', '--confirm', '10m', '--force-delete', op.file('none.yaml', 'items: []')])).code,
    ).toBe(0)
    expect(await keysOf(op.served)).toEqual([])
    expect(await op.run(['confirm', '--undo'])).toMatchObject({ code: 0, out: 'undone by revision 3\n' })
    expect(await keysOf(op.served)).toEqual(['lan'])
  })

  it('what VPP refuses, what another origin keeps and what the guard holds is told with exit code 1', async () => {
    await using op = await operated()
    const waits = op.file('waits.yaml', 'kind: route\nprefix: 10.0.0.0/8\npaths: [{ interface: nowhere }]\n')
    const waiting = await op.run(['apply', '--origin', 'site', waits])
    expect(waiting.code).toBe(1)
    expect(waiting.out).toContain('! route 0/10.0.0.0/8: waiting: waits for interface "nowhere"')
    const whole = await op.run([
      'apply',
      '--origin',
      'site2',
      '--all-or-nothing',
      op.file('w2.yaml', 'kind: route\nprefix: 11.0.0.0/8\npaths: [{ interface: nowhere }]\n'),
    ])
    expect(whole.code).toBe(1)
    expect(whole.err).toContain('the change was undone')
    expect(whole.err).toContain('route 0/11.0.0.0/8: waits for interface "nowhere"')
    const other = await op.run([
      'apply',
      op.file('other.yaml', 'kind: route\nprefix: 10.0.0.0/8\ndrop: true\n'),
    ])
    expect(other.code).toBe(1)
    expect(other.out).toContain('! route 0/10.0.0.0/8 is declared by "site" and stays as it is')
    const many = Array.from(
      { length: 20 },
      (_, i) => `- { kind: route, prefix: 10.${i}.0.0/16, drop: true }\n`,
    )
    expect((await op.run(['apply', '--origin', 'many', op.file('many.yaml', many.join(''))])).code).toBe(0)
    const few = op.file('few.yaml', many[0] ?? '')
    const held = await op.run(['apply', '--origin', 'many', few])
    expect(held.code).toBe(1)
    expect(held.err).toContain('confirm it (confirmDeletions=true, --force-delete)')
    expect((await op.run(['plan', '--origin', 'many', few])).out).toContain(
      '! held: "many" would remove 19 of its 20',
    )
    expect((await op.run(['apply', '--origin', 'many', '--force-delete', few])).code).toBe(0)
  })

  it('without files, VPP is looked at and repaired; drift is shown', async () => {
    await using op = await operated({ instance: { drift: 'report' } })
    await op.run(['apply', op.file('lan.yaml', LAN)])
    expect(await op.run(['drift'])).toMatchObject({ code: 0 })
    await using connection = await VppConnection.connect(op.served.vpp.path)
    await new InterfaceClient(connection).swInterfaceSetFlags({ swIfIndex: 1, flags: 0 })
    const drift = await op.run(['drift'])
    expect(drift.code).toBe(2)
    expect(drift.out).toContain('interface-up lan')
    expect((await op.run(['apply'])).out).toMatch(/changes made/)
  })
})

describe('revisions', () => {
  it('are listed, shown, compared and gone back to', async () => {
    await using op = await operated()
    await op.run(['apply', '--comment', 'first', op.file('a.yaml', LAN)])
    await op.run(['apply', op.file('a.yaml', LAN.replace('192.0.2.1', '192.0.2.2'))])
    const history = await op.run(['history'])
    expect(history.code).toBe(0)
    const lines = history.out.split('\n')
    expect(lines[0]).toMatch(/^REVISION {2}TIME +AUTHOR +ORIGIN +ITEMS +COMMENT$/)
    expect(lines[1]).toMatch(/^2 +\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ {2}alice {3}operator {2}\+0 ~1 -0$/)
    expect(lines[2]).toMatch(/ \+1 ~0 -0 {2}first$/)
    const item = await op.run(['history', 'interface', 'lan'])
    expect(item.out).toMatch(
      /^revision 2, .*\n@@ interface lan @@\n[^]*-.*192\.0\.2\.1\/24\n\+.*192\.0\.2\.2\/24\n[^]*revision 1, .*, alice: first\n/,
    )
    const shown = await op.run(['show', '2'])
    expect(shown.out).toContain('0 new, 1 changed, 0 removed\n@@ interface lan @@\n')
    const compared = await op.run(['compare', '1', '2'])
    expect(compared.out).toContain('-  - 192.0.2.1/24\n+  - 192.0.2.2/24\n')
    expect((await op.run(['compare', '2'])).out).toBe('No difference.\n')
    expect((await op.run(['compare', '0'])).out).toContain('+name: lan\n')

    expect((await op.run(['rollback', '--plan', '1'])).out).toContain('+ address lan/192.0.2.1/24')
    const back = await op.run(['rollback'])
    expect(back).toMatchObject({
      code: 0,
      out: 'Revision 3, as after revision 1: 0 new, 1 changed, 0 removed.\n',
    })
    expect((await op.run(['get', 'interface', 'lan'])).out).toContain('- 192.0.2.1/24')
    const waiting = await op.run(['rollback', '--confirm', '10m', '0'])
    expect([waiting.code, waiting.out]).toEqual([0, expect.stringContaining('confirm')])
    expect((await op.run(['confirm'])).code).toBe(0)
    expect(await keysOf(op.served)).toEqual([])
    const missing = await op.run(['show', '99'])
    expect([missing.code, missing.err]).toEqual([
      1,
      'vpp-ts-agent: revision 99 is not kept; the last 100 are, from when revisions began\n  see GET /revisions\n',
    ])
    expect((await op.run(['show', 'x'])).code).toBe(2)
  })
})

describe('items', () => {
  it('are put, got, edited and deleted one by one', async () => {
    await using op = await operated()
    const put = await op.run(['put', '-'], { input: LAN + '---\n' + PEER })
    expect(put).toMatchObject({ code: 0, out: 'Revision 1: 2 items taken, 0 refused.\n' })
    const got = await op.run(['get', 'interface', 'lan'])
    expect(got.out).toBe(
      'items:\n  - kind: interface\n    type: loopback\n    name: lan\n    addresses:\n      - 192.0.2.1/24\n',
    )
    const all = await op.run(['get'])
    expect(all.out).toContain('secret: "********"')
    // What was got can be put back: hidden secrets stay what they are.
    expect(await op.run(['put', op.file('all.yaml', all.out)])).toMatchObject({ code: 0 })
    expect(JSON.parse((await op.run(['get', '--json', 'interface'])).out)).toMatchObject({ items: [{}, {}] })

    const editor = op.file('editor', '#!/bin/sh\nsed -i s/192.0.2.1/192.0.2.5/ "$1"\n')
    chmodSync(editor, 0o755)
    const env = { EDITOR: editor }
    const edited = await op.run(['edit', 'interface', 'lan'], { env })
    expect(edited.code).toBe(0)
    expect(edited.out).toContain('+ address lan/192.0.2.5/24')
    expect(edited.out).toContain('Applied.\n')
    expect(await op.run(['edit', 'interface', 'lan'], { env })).toMatchObject({
      code: 0,
      err: 'Nothing was changed.\n',
    })
    const broken = op.file('broken', '#!/bin/sh\necho "mtu: many" >> "$1"\n')
    chmodSync(broken, 0o755)
    const wrong = await op.run(['edit', 'interface', 'lan'], { env: { VISUAL: broken } })
    expect(wrong.code).toBe(1)
    expect(wrong.err).toMatch(/item\.yaml:\d+:\d+: mtu: /)

    const asked = await op.run(['delete', 'interface', 'lan'], {
      isTerminal: true,
      input: 'n\n',
      env: { NO_COLOR: '1' },
    })
    expect(asked.err).toContain('Apply this? [y/N]')
    expect(await keysOf(op.served)).toEqual(['lan', 'peer'])
    const gone = await op.run(['delete', 'interface', 'lan'])
    expect(gone.code).toBe(0)
    expect(gone.out).toContain('- interface lan\n')
    expect(gone.out).toContain('Removed.\n')
    expect(await keysOf(op.served)).toEqual(['peer'])
  })

  it('of a folder are changed there: where that is, is told', async () => {
    await using folder = await temporaryFolder()
    mkdirSync(join(folder.path, 'items'))
    writeFileSync(join(folder.path, 'items', 'lan.yaml'), `# the office\n${LAN}`)
    await using op = await operated({ instance: { watch: join(folder.path, 'items') } })
    await expect.poll(() => keysOf(op.served)).toEqual(['lan'])
    await expect.poll(async () => (await op.run(['status', 'interface', 'lan'])).code).toBe(0)
    const status = await op.run(['status', 'interface', 'lan'])
    expect(status.out).toMatch(
      /^interface lan\n {2}state: {7}applied\n {2}since: .*\n {2}declared by: folder in lan\.yaml:2\n$/,
    )
    const refused = await op.run(['delete', 'interface', 'lan'])
    expect(refused.code).toBe(1)
    expect(refused.out).toContain('! interface lan is declared by "folder", and stays as it is')
  })
})

describe('status and events', () => {
  it('tell how VPP and items stand, why, and what they wait for', async () => {
    await using op = await operated()
    expect(await op.run(['status'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^one: connected, VPP .*\nitems: none\n$/) as string,
    })
    await op.run(['put', op.file('r.yaml', 'kind: route\nprefix: 10.0.0.0/8\npaths: [{ interface: lan }]\n')])
    const all = await op.run(['status'])
    expect(all.code).toBe(1)
    expect(all.out).toContain('items: 1 waiting\n')
    expect(all.out).toMatch(/route +0\/10\.0\.0\.0\/8 +api +waiting +.*waits for interface "lan"\n/)
    const one = await op.run(['status', 'route', '10.0.0.0/8'])
    expect(one.code).toBe(1)
    expect(one.out).toMatch(
      /waits for: {3}interface "lan"\n {2}attempts: {4}\d+\n {2}next try: .*\n {2}declared by: api\n/,
    )
    expect(JSON.parse((await op.run(['status', '--json', 'route', '10.0.0.0/8'])).out)).toMatchObject({
      key: '0/10.0.0.0/8',
      collection: 'routes',
      status: { waitsFor: 'interface "lan"' },
    })
    expect((await op.run(['status', 'route'])).out).toContain('waiting')
    await op.run(['put', op.file('lan.yaml', LAN)])
    await expect.poll(async () => (await op.run(['status'])).code).toBe(0)
    const events = await op.run(['events', '--kind', 'item'])
    expect(events.out).toMatch(/Z {2}item {8}interface lan applied\n/)
  })

  it('events are followed until the signal', async () => {
    await using op = await operated()
    await op.run(['put', op.file('lan.yaml', LAN)])
    const stop = new AbortController()
    const seen: string[] = []
    const following = op.run(['events', '-f', '--json', '--kind', 'item'], {
      signal: stop.signal,
      wrote: (text) => {
        seen.push(text)
        stop.abort()
      },
    })
    expect(await following).toMatchObject({ code: 0, err: '' })
    expect(JSON.parse(seen[0] ?? '')).toMatchObject({ kind: 'item', item: { key: 'lan' } })
  })
})

describe('errors', () => {
  it('have exit codes, say what to do, and come as JSON where that is asked for', async () => {
    await using op = await operated()
    const nowhere = await run(['plan', '--server', 'http://127.0.0.1:1'])
    expect([nowhere.code, nowhere.out]).toEqual([3, ''])
    expect(nowhere.err).toContain('http://127.0.0.1:1 cannot be reached')
    expect(nowhere.err).toContain('is the agent running there?')
    const json = await run(['plan', '--json', '--server', 'http://127.0.0.1:1'])
    expect(JSON.parse(json.err)).toMatchObject({ error: { code: 'AGENT_UNREACHABLE' } })
    for (const [args, code] of [
      [['plan', '--server', 'nonsense'], 2],
      [['plan', '--token-file', '/nowhere'], 2],
      [['plan', '--timeout', 'soon'], 2],
      [['plna'], 2],
      [['show'], 2],
      [['plan', '--instance', 'two'], 1],
    ] as const) {
      expect([args, (await op.run(args)).code]).toEqual([args, code])
    }
    const bad = op.file(
      'bad.yaml',
      'items:\n  - { kind: route, prefix: 10.0.0.0/99, drop: true }\n  - { kind: rout }\n',
    )
    const wrong = await op.run(['plan', bad])
    expect(wrong.code).toBe(1)
    expect(wrong.err).toMatch(/bad\.yaml:2:28: prefix: expected a prefix/)
    expect(wrong.err).toMatch(/bad\.yaml:3:\d+: kind: expected one of/)
    expect((await op.run(['plan', op.file('no.yaml', 'a: [')])).err).toMatch(
      /no\.yaml:\d+:\d+: is not YAML here/,
    )
    expect((await op.run(['plan', join(op.folder, 'missing.yaml')])).err).toContain(
      'missing.yaml: cannot be read',
    )
    const twice = await op.run(['plan', op.file('one.yaml', LAN), op.file('two.yaml', LAN)])
    expect(twice.err).toMatch(/two\.yaml:1: interface lan is in .*one\.yaml:1 already; remove one of them/)
    await op.run(['put', op.file('lan.yaml', LAN)])
    const near = await op.run(['status', 'interface', 'lam'])
    expect([near.code, near.err]).toEqual([
      1,
      'vpp-ts-agent: instance "one" has no interface "lam"; did you mean "lan"?\n',
    ])
    expect((await op.run(['get', 'rout', 'x'])).err).toContain(
      'there is no kind "rout"; did you mean "route"',
    )
  })

  it('of tokens: a reader plans and does not apply', async () => {
    await using folder = await temporaryFolder()
    const files = { operator: join(folder.path, 'operator'), reader: join(folder.path, 'reader') }
    writeFileSync(files.operator, 'operator-operator-operator\n')
    writeFileSync(files.reader, 'reader-reader-reader\n')
    const rest = { 'token-file': files.operator, 'read-token-file': files.reader }
    await using op = await operated({ rest })
    const lan = op.file('lan.yaml', LAN)
    const none = await op.run(['plan', lan])
    expect([none.code, none.err]).toMatchObject([1, expect.stringContaining('carries no token')])
    expect((await op.run(['plan', lan, '--token-file', files.reader])).code).toBe(2)
    const reader = await op.run(['apply', lan, '--token-file', files.reader])
    expect([reader.code, reader.err]).toMatchObject([1, expect.stringContaining('this token may only read')])
    expect((await op.run(['apply', lan, '--token-file', files.operator])).code).toBe(0)
  })
})

describe('output', () => {
  it('has colours on a terminal only, and names from elsewhere cannot control it', async () => {
    await using op = await operated()
    await op.run(['put', '--comment', 'clear\u001b[2J', op.file('lan.yaml', LAN)])
    const file = op.file('routes.yaml', ROUTES)
    const env = { NO_COLOR: '1' }
    const plain = await op.run(['plan', file])
    expect(plain.out).not.toContain('\u001B')
    const colored = await op.run(['plan', file], { isTerminal: true, env: { TERM: 'xterm' } })
    expect(colored.out).toContain('\u001B[32m+ route 0/10.0.0.0/8\u001B[0m\n')
    const history = await op.run(['history'], { isTerminal: true, env: { TERM: 'xterm' } })
    expect(history.out).toContain('clear\\x1b[2J\n')
    expect((await op.run(['plan', file], { isTerminal: true, env })).out).not.toContain('\u001B')
    expect((await op.run(['plan', '--no-color', file], { isTerminal: true })).out).not.toContain('\u001B')
  })

  it('a reader that leaves ends a command quietly', async () => {
    await using op = await operated()
    const many = Array.from(
      { length: 5000 },
      (_, i) => `- { kind: route, prefix: 10.${i >> 8}.${i & 255}.0/24, drop: true }\n`,
    )
    await op.run(['apply', op.file('many.yaml', many.join(''))])
    const child = spawn(process.execPath, [AGENT, 'get'], {
      env: { ...process.env, VPP_AGENT_URL: op.served.url },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let err = ''
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
    child.stdout.once('data', () => child.stdout.destroy())
    const [code] = (await once(child, 'close')) as [number]
    expect([code, err]).toEqual([0, ''])
  })
})

describe('a support bundle', () => {
  it('has what is needed to find out what is wrong, and no secrets', async () => {
    await using op = await operated()
    await op.run(['put', op.file('all.yaml', `${LAN}---\n${PEER}`)])
    const file = join(op.folder, 'report.tar.gz')
    const written = await op.run(['report', file])
    expect([written.code, written.err]).toEqual([0, ''])
    expect(written.out).toContain(`Written: ${file}\n`)
    const contents = new Map<string, string>()
    await list({
      file,
      onReadEntry(entry) {
        entry.on('data', (chunk: Buffer) => {
          contents.set(entry.path, (contents.get(entry.path) ?? '') + chunk.toString())
        })
      },
    })
    const names = [...contents.keys()].map((name) => name.replace('vpp-ts-report/', '').replace('./', ''))
    expect(names).toEqual(
      expect.arrayContaining([
        'info.json',
        'configuration.json',
        'items.json',
        'plan.json',
        'trace.json',
        'missing.json',
      ]),
    )
    const all = [...contents.values()].join('')
    expect(all).toContain('"socketPath": ')
    expect(all).toContain('"key": "lan"')
    expect(all).not.toContain('hunter2')
    const again = await op.run(['report', file])
    expect([again.code, again.err]).toMatchObject([2, expect.stringContaining('EEXIST')])
  })
})
