import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Simulator } from '@vpp-ts/simulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '../generator/compile.ts'
import { run } from '../linux/child.ts'
import { engine, nodes } from '../linux/engines.ts'
import { Project } from './project.ts'

/** Uses what a program uses: clients, enums, dumps, requests in short forms, errors. */
const PROGRAM = `import { IfStatusFlags, InterfaceClient, IpClient, NONE, VppApiError, VppConnection } from '@vpp-ts/vpp'

export async function tour(path: string): Promise<string> {
  const vpp = await VppConnection.connect(path)
  try {
    const interfaces = new InterfaceClient(vpp)
    const { swIfIndex } = await interfaces.createLoopback()
    await interfaces.swInterfaceSetFlags({ swIfIndex, flags: IfStatusFlags.IF_STATUS_API_FLAG_ADMIN_UP })
    await interfaces.swInterfaceAddDelAddress({ isAdd: true, swIfIndex, prefix: '192.0.2.1/24' })
    const names: string[] = []
    for await (const it of interfaces.swInterfaceDump({ swIfIndex: NONE })) names.push(it.interfaceName)
    try {
      await new IpClient(vpp).ipTableAddDel({ table: { tableId: 7, isIp6: false } })
      await interfaces.deleteLoopback({ swIfIndex: 99 })
    } catch (error) {
      if (!(error instanceof VppApiError)) throw error
      return \`\${names.join(' ')} \${error.apiName}\`
    }
    return 'nothing was refused'
  } finally {
    await vpp.close()
  }
}
`
const RESULT = 'local0 loop0 INVALID_SW_IF_INDEX'

/** Every flag that makes the compiler stricter. */
const STRICT = {
  target: 'es2023',
  lib: ['es2023', 'esnext.disposable'],
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  noImplicitOverride: true,
  noImplicitReturns: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  noFallthroughCasesInSwitch: true,
  allowUnreachableCode: false,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  skipLibCheck: false,
  noEmit: true,
}

const MODES = [
  { module: 'nodenext' },
  { module: 'node16' },
  { module: 'esnext', moduleResolution: 'bundler' },
  { module: 'preserve', moduleResolution: 'bundler' },
]

/** Bytes of a program after minification, at most: what a page or a function pays that imports one thing. */
const BUDGETS = [
  { imports: "import { NONE } from '@vpp-ts/runtime'\nconsole.log(NONE)", bytes: 1_000 },
  { imports: "import { IfStatusFlags } from '@vpp-ts/vpp'\nconsole.log(IfStatusFlags)", bytes: 3_000 },
  // Stands in a file with classes of messages.
  {
    imports: "import { AddressFamily } from '@vpp-ts/binapi-ip-types'\nconsole.log(AddressFamily)",
    bytes: 3_000,
  },
  { imports: "import { VppConnection } from '@vpp-ts/runtime'\nconsole.log(VppConnection)", bytes: 150_000 },
]

const ENGINES = join(ROOT, '.cache/engines')

function compilers(): { readonly name: string; readonly path: string }[] {
  const others = (existsSync(ENGINES) ? readdirSync(ENGINES) : []).filter((name) =>
    name.startsWith('typescript-'),
  )
  return [
    { name: 'typescript of this checkout', path: join(ROOT, 'node_modules/.bin/tsc') },
    ...others.map((name) => ({ name, path: join(ENGINES, name, 'node_modules/.bin/tsc') })),
  ]
}

let project: Project

beforeAll(async () => {
  project = await Project.with('@vpp-ts/vpp')
  project.write('tour.ts', PROGRAM)
  const options = { ...STRICT, module: 'nodenext', noEmit: false, rootDir: '.', outDir: '.' }
  project.write('tsconfig.json', JSON.stringify({ compilerOptions: options, files: ['tour.ts'] }))
  const { status, stdout } = await run(compilers()[0]?.path ?? '', ['-p', project.folder], {}, 0)
  expect(status, stdout).toBe(0)
  project.write('main.mjs', `import { tour } from './tour.js'\nconsole.log(await tour(process.argv[2]))\n`)
  project.write(
    'main.cjs',
    `const { tour } = require('./tour.js')\ntour(process.argv[2]).then((text) => console.log(text))\n`,
  )
}, 120_000)

afterAll(() => {
  project[Symbol.dispose]()
})

/** Each tour has its own VPP. */
async function toured(command: string, ...args: readonly string[]): Promise<string> {
  await using vpp = await Simulator.start()
  const { status, stdout, stderr } = await run(command, [...args, vpp.path], {}, 60_000, project.folder)
  expect(status, stderr).toBe(0)
  return stdout.trim()
}

describe.each(compilers())('types, by $name', ({ path }) => {
  it.each(MODES)('with every strict flag, $module', { timeout: 120_000 }, async (mode) => {
    const folder = `${mode.module}-${path.length}`
    const file = project.write(
      `tsconfig.${folder}.json`,
      JSON.stringify({ compilerOptions: { ...STRICT, ...mode }, files: ['tour.ts'] }),
    )
    const { status, stdout } = await run(path, ['-p', file], {}, 0)
    rmSync(file)
    expect(status, stdout).toBe(0)
  })
})

describe.each(nodes())('packages in $name', ({ path }) => {
  it('are imported', { timeout: 60_000 }, async () => {
    expect(await toured(path, 'main.mjs')).toBe(RESULT)
  })

  it('are required', { timeout: 60_000 }, async () => {
    expect(await toured(path, 'main.cjs')).toBe(RESULT)
  })
})

describe.each([
  { name: 'bun', args: [] },
  { name: 'deno', args: ['run', '--allow-all'] },
])('packages in $name', ({ name, args }) => {
  const path = engine(name, name)
  if (path === undefined)
    console.warn(
      `the binary API is not tried in ${name}: npm install --prefix .cache/engines/${name} ${name}`,
    )

  it.skipIf(path === undefined)('speak the binary API', { timeout: 60_000 }, async () => {
    expect(await toured(path ?? '', ...args, 'main.mjs')).toBe(RESULT)
  })
})

describe.each([
  {
    name: 'esbuild',
    args: (out: string) => [
      'entry.mjs',
      '--bundle',
      '--minify',
      '--platform=node',
      '--format=esm',
      `--outfile=${out}`,
    ],
  },
  {
    name: 'rolldown',
    args: (out: string) => ['entry.mjs', '--minify', '--platform=node', '--format=esm', `--file=${out}`],
  },
])('programs put together by $name', ({ name, args }) => {
  const path = name === 'rolldown' ? join(ROOT, 'node_modules/.bin/rolldown') : engine('bundlers', name)
  if (path === undefined)
    console.warn(`${name} is not tried: npm install --prefix .cache/engines/bundlers ${name}`)

  it.skipIf(path === undefined)('run', { timeout: 60_000 }, async () => {
    project.write('entry.mjs', `import { tour } from './tour.js'\nconsole.log(await tour(process.argv[2]))\n`)
    const out = join(project.folder, 'bundled.mjs')
    const { status, stderr } = await run(path ?? '', args(out), {}, 60_000, project.folder)
    expect(status, stderr).toBe(0)
    expect(await toured(process.execPath, out)).toBe(RESULT)
  })

  it.skipIf(path === undefined).each(BUDGETS)(
    'are small: $imports',
    { timeout: 60_000 },
    async ({ imports, bytes }) => {
      project.write('entry.mjs', imports)
      const out = join(project.folder, 'small.mjs')
      const { status, stderr } = await run(path ?? '', args(out), {}, 60_000, project.folder)
      expect(status, stderr).toBe(0)
      expect(readFileSync(out).length).toBeLessThan(bytes)
    },
  )
})
