import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { main } from '../cli.ts'
import { importText } from '../idl/index.ts'
import { ROOT, bundled, filesIn, tempFolder } from '../testing/folder.ts'

const BIN = join(ROOT, 'generator/bin/binapi-gen.js')
const [OLD, NEW] = [bundled('26.02'), bundled('26.06')]

/** Runs the command line in this process; gives what it printed. */
async function run(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  const err = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  try {
    const code = await main(args)
    return { code, out: out.mock.calls.join(''), err: err.mock.calls.join('') }
  } finally {
    out.mockRestore()
    err.mockRestore()
  }
}

/** A folder with one definition, as `binapi-gen` reads it. */
function folderOf(text: string): string {
  const { modules } = importText(new Map([['plugins/demo/demo.api', text]]))
  return tempFolder({ 'plugins/demo.api.json': modules[0]?.text })
}

describe('every subcommand', () => {
  it.each(['ls', 'show', 'diff', 'lint', 'import', 'export', 'check'])(
    '%s has help with examples and exit codes',
    async (name) => {
      const { code, out } = await run(name, '--help')
      expect(code).toBe(0)
      expect(out).toContain(`  $ binapi-gen ${name}`)
      expect(out).toMatch(/Exit code: 0 .*1 .*2 wrong usage/s)
    },
  )

  it('is listed in the help of the program', async () => {
    const { out } = await run('--help')
    for (const name of ['ls', 'show', 'diff', 'lint', 'import', 'export', 'check'])
      expect(out).toMatch(new RegExp(`^  ${name} \\[options\\]`, 'm'))
  })

  it.each([
    [['ls', 'things']],
    [['ls', '--format', 'xml']],
    [['ls', '--state', 'odd']],
    [['show']],
    [['diff', '26.06']],
    [['diff', '26.02', '26.06', '--impact', 'none']],
    [['lint', '--input', NEW, '--rules', 'odd']],
    [['export', '--input', NEW]],
    [['export', 'no_such_module', '--input', NEW, '-o', '/nowhere/at/all']],
    [['check', '--layout', 'tree']],
  ])('ends with 2 for %j', async (args) => {
    const { code, err } = await run(...args)
    expect(code).toBe(2)
    expect(err).not.toBe('')
  })

  it.each([[['ls']], [['show', 'x']], [['lint']], [['export', '-o', 'x']], [['check', '-o', 'x']]])(
    'ends with 1 for %j of a place that is not there',
    async (args) => {
      const { code, err } = await run(...args, '--input', '/no/such/place')
      expect(code).toBe(1)
      expect(err).toBe('binapi-gen: cannot read "/no/such/place": there is no such file or folder\n')
    },
  )
})

describe('places', () => {
  it('can be releases, found from the folder upwards', async () => {
    const folder = tempFolder({
      'api-json/99.01/core/vpe_types.api.json': readFileSync(join(NEW, 'core/vpe_types.api.json')),
      'a/b/x': '',
    })
    const cwd = vi.spyOn(process, 'cwd').mockReturnValue(join(folder, 'a/b'))
    try {
      expect((await run('ls', '--input', '99.01', '--format', 'json')).out).toContain('"name": "vpe_types"')
      expect((await run('ls', '--input', '99.02')).err).toContain(
        'cannot read "99.02": there is no such file or folder',
      )
    } finally {
      cwd.mockRestore()
    }
  })

  it('can be of every kind, with the same result', async () => {
    const archive = join(tempFolder(), 'api.tar.gz')
    expect((await run('export', '--input', '26.06', '-o', archive)).out).toBe(
      `26.06: 152 modules → ${archive}\n`,
    )
    const lists: string[] = []
    for (const place of [NEW, '26.06', archive])
      lists.push((await run('ls', 'messages', '--input', place)).out)
    expect(new Set(lists).size).toBe(1)
    expect(lists[0]?.split('\n')).toHaveLength(2123 + 2)
  })
})

describe('show', () => {
  it('shows several names, and helps with wrong ones', async () => {
    const { out } = await run('show', 'control_ping', 'ip_types', '--input', NEW)
    expect(out).toContain('define control_ping {')
    expect(out).toContain('module ip_types')
    const wrong = await run('show', 'control_pin', '--input', NEW)
    expect(wrong).toMatchObject({ code: 1, out: '' })
    expect(wrong.err).toContain('did you mean control_ping, ')
    expect(
      JSON.parse((await run('show', 'control_ping', '--input', NEW, '--format', 'json')).out),
    ).toHaveLength(1)
  })
})

describe('diff', () => {
  it('prints a table, gravest first, and ends with 0 or as told', async () => {
    const { code, out } = await run('diff', OLD, NEW)
    expect(code).toBe(0)
    expect(out).toContain('VPP 26.02 → VPP 26.06\n  wire-breaking     11 messages, 6 types\n')
    expect(out.indexOf('WIRE-BREAKING')).toBeLessThan(out.indexOf('COMPATIBLE'))
    expect(out).toMatch(
      /message sfdp_interface_input_set +\(interface_input\) +field u8 is_ip6 added behind tenant_id\n +CRC fca1e31a is now c80a0902\n/,
    )
    expect((await run('diff', OLD, NEW, '--exit-code')).code).toBe(1)
    expect(await run('diff', NEW, NEW, '--exit-code')).toMatchObject({
      code: 0,
      out: expect.stringContaining('no differences') as string,
    })
  })

  it('shows what is at least as grave', async () => {
    const { out } = await run('diff', OLD, NEW, '--impact', 'wire')
    expect(out).not.toContain('COMPILE-BREAKING')
    const same = [
      folderOf('typedef it { u8 a [default=1]; };'),
      folderOf('typedef it { u8 a [default=2]; };'),
    ]
    expect((await run('diff', ...same, '--impact', 'wire', '--exit-code')).code).toBe(0)
    expect((await run('diff', ...same, '--impact', 'compile', '--exit-code')).code).toBe(1)
  })

  it('prints JSON and Markdown', async () => {
    const json = JSON.parse((await run('diff', OLD, NEW, '--format', 'json')).out) as {
      summary: unknown
      messages: unknown[]
    }
    expect(json.summary).toEqual({ wire: 17, compile: 5, compatible: 153 })
    const { out } = await run('diff', OLD, NEW, '--format', 'markdown', '--impact', 'wire')
    expect(out).toContain("# VPP's API, VPP 26.02 to VPP 26.06\n")
    expect(out).toContain(
      '| `ikev2_ike_transforms` | `ikev2_types` | field u8 prf\\_alg added behind integ\\_alg |',
    )
    expect(out).not.toContain('<details>')
  })

  it('is limited to what a program uses', async () => {
    const program = (text: string) => tempFolder({ 'src/main.ts': text })
    const using = program(
      "import { IkeTransforms } from 'x'\nimport { Ikev2SetIkeTransforms } from '@vpp-ts/binapi-ikev2'",
    )
    const { code, out } = await run('diff', OLD, NEW, '--for', using, '--exit-code')
    expect(code).toBe(1)
    expect(out).toMatch(/used in .*main\.ts:2:10\n/)
    expect(out).toContain('  wire-breaking     1 message, 1 type\n')
    const other = program("import { ControlPing } from '@vpp-ts/binapi-memclnt'")
    expect((await run('diff', OLD, NEW, '--for', other, '--exit-code')).code).toBe(0)
  })
})

describe('lint', () => {
  it('ends with 1 and says what is wrong, with 0 where nothing is', async () => {
    const bad = folderOf('option version="1.0.0"; typedef it { u8 X; };')
    const { code, out } = await run('lint', '--input', bad, '--except', 'unused-type')
    expect(code).toBe(1)
    expect(out).toBe(
      'plugins/demo.api.json: it.X: name is not in lower_case; rename it in a new version [field-name]\n1 finding\n',
    )
    const all = await run('lint', '--input', bad, '--except', 'unused-type,field-name')
    expect(all).toMatchObject({ code: 0, out: 'no findings\n' })
    expect(JSON.parse((await run('lint', '--input', bad, '--format', 'json')).out)).toHaveLength(2)
    expect((await run('lint', '--input', bad, '--module', 'other')).code).toBe(0)
  })

  it('lists its rules, and compares with an older release', async () => {
    expect((await run('lint', '--list-rules')).out).toMatch(/^version-bump +.*\(with --since\)$/m)
    const { code, out } = await run(
      'lint',
      '--input',
      NEW,
      '--since',
      OLD,
      '--rules',
      'version-bump',
      '--module',
      'ikev2*',
    )
    expect(code).toBe(1)
    expect(out).toContain(
      'plugins/ikev2_types.api.json: a message broke, the version went from 1.0.0 to 1.0.0',
    )
  })
})

describe('export', () => {
  it('writes a folder that must be empty', async () => {
    const folder = join(tempFolder(), 'api')
    expect((await run('export', 'vpe', '--input', NEW, '-o', folder)).code).toBe(0)
    expect(Object.keys(filesIn(folder))).toEqual([
      'VPP_VERSION',
      'core/vpe.api.json',
      'core/vpe_types.api.json',
    ])
    const again = await run('export', 'vpe', '--input', NEW, '-o', folder)
    expect(again).toMatchObject({
      code: 1,
      err: expect.stringContaining('is not empty: name a new folder') as string,
    })
    const below = await run('export', 'vpe', '--input', NEW, '-o', join(folder, 'VPP_VERSION/x.tar.gz'))
    expect(below).toMatchObject({ code: 1, err: expect.stringContaining('cannot write') as string })
  })
})

describe('import', () => {
  it('takes definitions that are .api.json files already: the same files as from source, but for comments', async () => {
    const [out, known] = [tempFolder(), filesIn(NEW)]
    const result = await run('import', '26.06', '--release', '26.06', '-o', out)
    expect(result).toMatchObject({
      code: 0,
      out: '26.06: 152 modules, 2123 messages, 1044 services; 153 files written, 0 unchanged, 0 removed\n',
    })
    const files = filesIn(join(out, '26.06'))
    for (const [path, text] of Object.entries(known))
      if (path !== 'SOURCE.json') expect(files[path], path).toBe(text)
    const [stated, found] = [known, files].map(
      (all) => JSON.parse(all['SOURCE.json'] ?? '') as Record<string, unknown>,
    )
    expect(found).toMatchObject({
      counts: stated?.['counts'],
      checksum: stated?.['checksum'],
      commit: 'unknown',
      date: null,
    })
  })

  it('leaves comments out, and knows the folder of a flat file from other releases', async () => {
    const json = JSON.parse(readFileSync(join(NEW, 'core/arp.api.json'), 'utf8')) as {
      types: unknown[]
      messages: unknown[][]
    }
    json.types.push(['noted', ['f64', 'share', { default: 1 }], { comment: 'text' }])
    for (const message of json.messages) Object.assign(message.at(-1) as object, { comment: 'text' })
    const [place, out] = [tempFolder({ 'arp.api.json': json }), tempFolder()]
    await run('import', '26.02', '--release', '26.02', '-o', out, '-q')
    expect((await run('import', place, '--release', '26.06', '-o', out, '-q')).code).toBe(0)
    const text = filesIn(join(out, '26.06'))['core/arp.api.json'] ?? ''
    expect(text).not.toContain('comment')
    expect(text).toContain('"default": 1.0')
  })
})

describe('check', () => {
  const folder = () => ({
    input: folderOf('autoreply define it { u32 client_index; u32 context; };'),
    out: join(tempFolder(), 'out'),
  })

  it('is generation that compares', async () => {
    const { input, out } = folder()
    await run('--input', input, '-o', out)
    expect(await run('check', '--input', input, '-o', out)).toMatchObject({ code: 0, err: '' })
    writeFileSync(join(out, 'demo/index.ts'), 'changed')
    const { code, err } = await run('check', '--input', input, '-o', out)
    expect(code).toBe(1)
    expect(err).toContain(`1 difference; fix it with: binapi-gen --input ${input} -o ${out}\n`)
    expect(readFileSync(join(out, 'demo/index.ts'), 'utf8')).toBe('changed')
  })
})

describe('in a pipe', () => {
  it('ends quietly when its reader has seen enough', async () => {
    const child = spawn(process.execPath, [BIN, 'diff', '24.10', '26.06', '--format', 'json'], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const errors: Buffer[] = []
    child.stderr.on('data', (part: Buffer) => errors.push(part))
    await once(child.stdout, 'data')
    child.stdout.destroy()
    const [code] = (await once(child, 'close')) as [number]
    expect(Buffer.concat(errors).toString()).toBe('')
    expect(code).toBe(0)
  })
})
