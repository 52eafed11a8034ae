import { describe, expect, it } from 'vitest'
import { schemaOfApi } from '../../testing/api-text.ts'
import { tempFolder } from '../../testing/folder.ts'
import { migrateProgram } from './migrate.ts'

const define = (name: string) => `autoreply define ${name} { u32 client_index; u32 context; u32 x; };`

/** In the newer release `go` and `run` are of module b. */
async function migrate(files: Readonly<Record<string, string>>, ...left: readonly string[]) {
  const before = await schemaOfApi({
    'plugins/a/a.api': ['stay', 'go', 'run'].map(define).join('\n'),
    'plugins/b/b.api': define('there'),
  })
  const after = await schemaOfApi({
    ...(left.includes('no a') ? {} : { 'plugins/a/a.api': define('stay') }),
    'plugins/b/b.api': ['go', 'run', 'there'].map(define).join('\n'),
  })
  const config = {
    compilerOptions: {
      strict: true,
      module: 'nodenext',
      target: 'es2022',
      noUnusedLocals: true,
      noEmit: true,
    },
  }
  const program = tempFolder({
    '.prettierrc': { semi: false, singleQuote: true, printWidth: 110 },
    'tsconfig.json': config,
    ...files,
  })
  const releases = [
    { ...before, release: '26.02' },
    { ...after, release: '26.06' },
  ]
  const { files: changed, errors } = await migrateProgram({ program, releases })
  const texts = new Map(changed.map(({ path, after: text }) => [path.slice(path.lastIndexOf('/') + 1), text]))
  return { texts, errors, remarks: changed.flatMap(({ remarks }) => remarks.map(({ text }) => text)) }
}

const HEAD = `import { AClient } from './binapi/a/index.js'
`
const TYPES = `${HEAD}type Vpp = ConstructorParameters<typeof AClient>[0]
`

interface Case {
  readonly name: string
  readonly before: string
  readonly after: string
}

const CASES: readonly Case[] = [
  {
    name: 'a variable of which only moved methods are called',
    before: `${HEAD}
export async function f(vpp: never) {
  const client = new AClient(vpp)
  await client.go({ x: 1 })
  await client.run({ x: 2 })
}
`,
    after: `import { BClient } from './binapi/b/index.js'

export async function f(vpp: never) {
  const client = new BClient(vpp)
  await client.go({ x: 1 })
  await client.run({ x: 2 })
}
`,
  },
  {
    name: 'a variable with other uses gets one beside it',
    before: `${HEAD}
export async function f(vpp: never) {
  const client = new AClient(vpp)
  await client.stay({ x: 1 })
  await client.go({ x: 2 })
  await client!.run({ x: 3 })
  return client
}
`,
    after: `${HEAD}import { BClient } from './binapi/b/index.js'

export async function f(vpp: never) {
  const client = new AClient(vpp)
  const bClient = new BClient(vpp)
  await client.stay({ x: 1 })
  await bClient.go({ x: 2 })
  await bClient!.run({ x: 3 })
  return client
}
`,
  },
  {
    name: 'names that are taken, and a client that is imported already',
    before: `import { BClient as Other } from './binapi/b/index.js'
${HEAD}
export async function f(vpp: never) {
  const bClient = new Other(vpp)
  const client: AClient = new AClient(vpp)
  await bClient.there({ x: 1 })
  await client.stay({ x: 1 })
  await client.go({ x: 2 })
}
`,
    after: `import { BClient as Other } from './binapi/b/index.js'
${HEAD}
export async function f(vpp: never) {
  const bClient = new Other(vpp)
  const client: AClient = new AClient(vpp)
  const bClient2 = new Other(vpp)
  await bClient.there({ x: 1 })
  await client.stay({ x: 1 })
  await bClient2.go({ x: 2 })
}
`,
  },
  {
    name: 'functions that it is passed to',
    before: `${HEAD}
export async function f(vpp: never) {
  const client = new AClient(vpp)
  await both(client, 1)
  await moved(client)
  await moved(new AClient(vpp))
  await kept(client)
}

async function both(client: AClient, x: number) {
  await client.stay({ x })
  await deeper(client)
}
const deeper = async (client: AClient) => client.go({ x: 4 })
async function moved(client: AClient) {
  await client.run({ x: 3 })
}
async function kept(client: AClient) {
  await client.stay({ x: 3 })
}
`,
    after: `${HEAD}import { BClient } from './binapi/b/index.js'

export async function f(vpp: never) {
  const client = new AClient(vpp)
  const bClient = new BClient(vpp)
  await both(client, bClient, 1)
  await moved(bClient)
  await moved(new BClient(vpp))
  await kept(client)
}

async function both(client: AClient, bClient: BClient, x: number) {
  await client.stay({ x })
  await deeper(bClient)
}
const deeper = async (client: BClient) => client.go({ x: 4 })
async function moved(client: BClient) {
  await client.run({ x: 3 })
}
async function kept(client: AClient) {
  await client.stay({ x: 3 })
}
`,
  },
  {
    name: 'properties of classes, set where they are declared, in a constructor or as its parameters',
    before: `${TYPES}
export class One {
  readonly #vpp: Vpp
  readonly #client: AClient
  private readonly late = new AClient(undefined as never)
  constructor(vpp: Vpp) {
    this.#vpp = vpp
    this.#client = new AClient(this.#vpp)
  }
  async f() {
    await this.#client.stay({ x: 1 })
    await this.#client.go({ x: 1 })
    await this.late.run({ x: 1 })
  }
}

class Two {
  constructor(private readonly client: AClient) {}
  async f() {
    await this.client.stay({ x: 1 })
    await this.client.go({ x: 1 })
  }
}

export const two = (vpp: Vpp) => new Two(new AClient(vpp))
`,
    after: `${HEAD}import { BClient } from './binapi/b/index.js'
type Vpp = ConstructorParameters<typeof AClient>[0]

export class One {
  readonly #vpp: Vpp
  readonly #client: AClient
  readonly #bClient: BClient
  private readonly late = new BClient(undefined as never)
  constructor(vpp: Vpp) {
    this.#vpp = vpp
    this.#client = new AClient(this.#vpp)
    this.#bClient = new BClient(this.#vpp)
  }
  async f() {
    await this.#client.stay({ x: 1 })
    await this.#bClient.go({ x: 1 })
    await this.late.run({ x: 1 })
  }
}

class Two {
  constructor(
    private readonly client: AClient,
    private readonly bClient: BClient,
  ) {}
  async f() {
    await this.client.stay({ x: 1 })
    await this.bClient.go({ x: 1 })
  }
}

export const two = (vpp: Vpp) => new Two(new AClient(vpp), new BClient(vpp))
`,
  },
  {
    name: 'properties of objects, with a type or without, and patterns',
    before: `${HEAD}
interface Clients {
  readonly first: AClient
  readonly only: AClient
}

export async function f(vpp: never) {
  const first = new AClient(vpp)
  const clients: Clients = { first, only: new AClient(vpp) }
  await g(clients)
  const plain = { client: new AClient(vpp) }
  const { client } = plain
  await client.stay({ x: 1 })
  await client.go({ x: 1 })
}

async function g({ first: it, only }: Clients) {
  await it.go({ x: 1 })
  await it.stay({ x: 1 })
  await only.run({ x: 1 })
}
`,
    after: `${HEAD}import { BClient } from './binapi/b/index.js'

interface Clients {
  readonly first: AClient
  readonly bClient: BClient
  readonly only: BClient
}

export async function f(vpp: never) {
  const first = new AClient(vpp)
  const bClient2 = new BClient(vpp)
  const clients: Clients = { first, bClient: bClient2, only: new BClient(vpp) }
  await g(clients)
  const plain = { client: new AClient(vpp), bClient: new BClient(vpp) }
  const { client, bClient } = plain
  await client.stay({ x: 1 })
  await bClient.go({ x: 1 })
}

async function g({ first: it, bClient, only }: Clients) {
  await bClient.go({ x: 1 })
  await it.stay({ x: 1 })
  await only.run({ x: 1 })
}
`,
  },
]

describe('clients in variables, parameters and properties', () => {
  it.each(CASES)('$name', async ({ before, after }) => {
    const { texts, errors, remarks } = await migrate({ 'a.ts': before })
    expect(texts.get('a.ts')).toBe(after)
    expect(errors).toEqual([])
    expect(remarks).toEqual([])
  })

  it('are changed across files', async () => {
    const { texts, errors } = await migrate({
      'main.ts': `${HEAD}import { setUp } from './set-up.js'

export const f = (vpp: never) => setUp(new AClient(vpp), 1)
`,
      'set-up.ts': `${HEAD}
export async function setUp(client: AClient, x: number) {
  await client.stay({ x })
  await client.go({ x })
}
`,
    })
    expect(texts.get('main.ts')).toContain('setUp(new AClient(vpp), new BClient(vpp), 1)')
    expect(texts.get('set-up.ts')).toContain('setUp(client: AClient, bClient: BClient, x: number)')
    expect(errors).toEqual([])
  })

  it('need nothing of a module that is gone', async () => {
    const before = `${HEAD}
export async function f(vpp: never) {
  const client = new AClient(vpp)
  await client.go({ x: 1 })
}
`
    const { texts, errors, remarks } = await migrate({ 'a.ts': before }, 'no a')
    expect(texts.get('a.ts')).not.toContain('AClient')
    expect([errors, remarks]).toEqual([[], []])
  })

  it.each([
    ['what a function gave', 'const client = make()'],
    ['one of two', 'const client = flag ? new AClient(vpp) : new AClient(vpp)'],
    ['one that is set again', 'let client = new AClient(vpp); client = new AClient(vpp)'],
    [
      'one that is made of the result of a call, with other uses',
      'const client = new AClient(get()); client.stay({ x: 1 })',
    ],
  ])('get a comment: %s', async (_name, statement) => {
    const before = `${HEAD}
export async function f(vpp: never, flag: boolean, make: () => AClient, get: () => never) {
  ${statement}
  await client.go({ x: 1 })
  return [vpp, flag, make, get]
}
`
    const { texts, remarks } = await migrate({ 'a.ts': before })
    expect(remarks).toEqual(['go moved to module b: call go of BClient'])
    expect(texts.get('a.ts')).toContain('client.go({ x: 1 })')
  })

  it.each([
    [
      'a parameter of a function that nobody here calls',
      'export const f = (client: AClient) => client.go({ x: 1 })',
    ],
    [
      'a parameter of a function that is passed on',
      'const f = (client: AClient) => client.go({ x: 1 })\nexport const g = [f]',
    ],
    [
      'a parameter that may be left out',
      'const f = (client?: AClient) => client!.go({ x: 1 })\nexport const g = (vpp: never) => f(new AClient(vpp))',
    ],
    [
      'a method of a class that is extended',
      'class F { f(client: AClient) { return client.go({ x: 1 }) } }\nexport class G extends F { override f(client: AClient) { return super.f(client) } }',
    ],
  ])('get a comment: %s', async (_name, text) => {
    const { remarks } = await migrate({ 'a.ts': `${HEAD}\n${text}\n` })
    expect(remarks).toEqual(['go moved to module b: call go of BClient'])
  })
})
