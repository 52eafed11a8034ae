import { isIP } from 'node:net'
import { parseDuration } from '@vpp-ts/config'
import { z } from 'zod'
import { DELETION_GUARD } from '../desired/change.ts'

const text = z.string('expected text').min(1, 'expected text that is not empty')
const port = z
  .number('expected a port from 0 to 65535')
  .int('expected a port from 0 to 65535')
  .min(0, 'expected a port from 0 to 65535')
  .max(65_535, 'expected a port from 0 to 65535')

const DURATION = 'expected a duration such as 500ms or 5s'
const duration = z.string(DURATION).transform((value, context) => {
  const milliseconds = parseDuration(value)
  if (milliseconds !== undefined) return milliseconds
  context.addIssue({ code: 'custom', message: `${DURATION}; received ${JSON.stringify(value)}` })
  return z.NEVER
})

const address = text.refine((value) => isIP(value) !== 0, 'expected an IP address such as 127.0.0.1 or ::')

const HALF = 'is missing: a certificate and its key are needed together'

const tls = z.strictObject({
  /** PEM files. */
  cert: z.string(HALF).min(1, HALF),
  key: z.string(HALF).min(1, HALF),
  /** Certificates that clients must have one of; left out: clients need none. */
  'client-ca': text.optional(),
})

function isLoopback(value: string): boolean {
  return value === '::1' || value.startsWith('127.')
}

/** A section that says where something is served. */
interface Place {
  readonly address: string
  readonly 'token-file'?: string | undefined
  readonly tls?: { readonly 'client-ca'?: string | undefined } | undefined
}

function isGuarded(place: Place): boolean {
  const { address: host, 'token-file': token, tls: certificates } = place
  return isLoopback(host) || token !== undefined || certificates?.['client-ca'] !== undefined
}

const UNGUARDED = {
  path: ['address'],
  message:
    'an address other than loopback requires a token or client certificates; set token-file, tls.client-ca, or a loopback address',
}

const TIME = 'expected 1s to 10m'

/** Keys of everything that is served by HTTP. */
const served = {
  address: address.default('127.0.0.1'),
  /** File with what callers must send as a bearer token. */
  'token-file': text.optional(),
  tls: tls.optional(),
  /** Names, without ports, by which the server may be called beside `localhost` and addresses. */
  hosts: z.array(text.regex(/^[\w.-]+$/, 'expected the name of a host, without a port')).default([]),
  /** Time limit for receiving a complete request. */
  'request-timeout': duration.refine((ms) => ms >= 1000 && ms <= 600_000, TIME).default(30_000),
  /** Requests per second from one address. */
  'rate-limit': z.number('expected requests a second').int().min(1).max(1_000_000).default(1000),
}

const rest = z
  .strictObject({
    ...served,
    port: port.default(9191),
    /** File with a second token, for requests that change nothing. */
    'read-token-file': text.optional(),
    /** Most bytes of a request. */
    'body-limit': z
      .number('expected bytes')
      .int()
      .min(1024, 'expected at least 1024 bytes')
      .max(2 ** 30, 'expected at most 1 GiB')
      .default(16 * 2 ** 20),
    /** CLI commands that may be run: those that only show something, every one, or none. */
    commands: z.enum(['show', 'all', 'none']).default('show'),
    /** Packet tools: whether packets may be traced, and captured. */
    diagnosis: z
      .strictObject({
        trace: z.boolean('expected true or false').default(false),
        pcap: z.boolean('expected true or false').default(false),
      })
      .prefault({}),
  })
  .refine(isGuarded, UNGUARDED)
  .refine((it) => it['read-token-file'] === undefined || it['token-file'] !== undefined, {
    path: ['token-file'],
    message: 'is missing: read-token-file requires it',
  })

const metrics = z.strictObject({ ...served, port: port.default(9090) }).refine(isGuarded, UNGUARDED)

/** Where the agent keeps what is its own. */
export const FOLDER = '/var/lib/vpp-ts-agent'

const lmdb = z.strictObject({
  kind: z.literal('lmdb'),
  /** Folder of the database. */
  path: text.default(FOLDER),
})

/** Settings of the history. */
const history = z.strictObject({
  /** Folder; default: `history` in the folder of the store, or below that of LMDB when the store is etcd. */
  path: text.optional(),
  /** Interfaces of a VPP that are kept at most. */
  interfaces: z.number('expected a number of interfaces').int().min(1).max(100_000).default(5000),
  /** Bytes of all files of a VPP at most. */
  size: z
    .number('expected bytes')
    .int()
    .min(2 ** 20, 'expected at least 1 MiB')
    .max(2 ** 40, 'expected at most 1 TiB')
    .default(2 ** 30),
})

/** Keys that need one another. */
const PAIRS = [
  ['cert', 'key'],
  ['key', 'cert'],
  ['username', 'password-file'],
  ['password-file', 'username'],
] as const
const PEM_FILES = ['ca', 'cert', 'key'] as const

const etcd = z
  .strictObject({
    kind: z.literal('etcd'),
    /** `http://host:2379` or `https://…`. */
    endpoints: z
      .array(z.string().regex(/^https?:\/\/[^/]+$/, 'expected http://host:port or https://host:port'))
      .min(1, 'expected at least one endpoint'),
    /** What all keys begin with. */
    prefix: text.default('vpp-ts'),
    username: text.optional(),
    'password-file': text.optional(),
    /** PEM files; `cert` and `key` for a server that asks for them. */
    ca: text.optional(),
    cert: text.optional(),
    key: text.optional(),
  })
  .superRefine((store, context) => {
    for (const [one, other] of PAIRS) {
      if (store[one] === undefined || store[other] !== undefined) continue
      context.addIssue({
        code: 'custom',
        path: [other],
        message: `is missing: ${one} requires it`,
      })
    }
    const secure = store.endpoints.filter((endpoint) => endpoint.startsWith('https:')).length
    if (secure === 0 && PEM_FILES.some((name) => store[name] !== undefined)) {
      const message = 'are all http://, so ca, cert and key are of no use; use https:// or remove them'
      context.addIssue({ code: 'custom', path: ['endpoints'], message })
    }
    if (secure > 0 && secure < store.endpoints.length) {
      const message = 'expected all of them with http:// or all with https://'
      context.addIssue({ code: 'custom', path: ['endpoints'], message })
    }
  })

/** A store without a kind is a folder of this host. */
function withKind(store: unknown): unknown {
  const plain = typeof store === 'object' && store !== null && !Array.isArray(store)
  return plain && !('kind' in store) ? { kind: 'lmdb', ...store } : store
}

const instance = z
  .strictObject({
    name: z
      .string('expected a name')
      .regex(
        /^[A-Za-z0-9][\w.-]{0,62}$/,
        'expected letters, digits and "._-", 63 at most, beginning with a letter or digit',
      ),
    /** Keys of `govpp.conf`. */
    govpp: z.record(z.string(), z.unknown()).optional(),
    /** A file with them. */
    'govpp-file': text.optional(),
    /** Folder of YAML and JSON files with items. */
    watch: text.optional(),
    /** What to do about changes to declared objects that the agent did not make. */
    drift: z.enum(['repair', 'report'], 'expected repair or report').default('repair'),
    /** Time between looks at all that VPP has. */
    'resync-interval': duration
      .refine((ms) => ms >= 10_000 && ms <= 86_400_000, 'expected 10s to 24h')
      .default(300_000),
  })
  .refine((it) => it.govpp === undefined || it['govpp-file'] === undefined, {
    path: ['govpp-file'],
    message: 'is given together with govpp; remove one',
  })

/** Every key of the agent's configuration file. Durations come out in ms. */
export const configSchema = z.strictObject({
  /** Who this agent is among others; default the name of the host. */
  name: text.optional(),
  log: z
    .strictObject({
      level: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    })
    .prefault({}),
  store: z.preprocess(withKind, z.discriminatedUnion('kind', [lmdb, etcd])).prefault({}),
  /** Time after which another agent may program a VPP when this one is gone. */
  'lease-ttl': duration.refine((ms) => ms >= 1000 && ms <= 600_000, 'expected 1s to 10m').default(5000),
  /** How much an origin may remove at a time without saying so; `false`: what it likes. */
  'deletion-guard': z
    .union([
      z.literal(false),
      z.strictObject({
        /** Percent of the items of the origin. */
        percent: z
          .number('expected a percentage')
          .min(0, 'expected 0 to 100')
          .max(100, 'expected 0 to 100')
          .default(DELETION_GUARD.percent),
        /** Removing fewer than this many is always let pass. */
        least: z.number('expected a number of items').int().min(1).default(DELETION_GUARD.least),
      }),
    ])
    .prefault({}),
  /** Rates of the past; `false`: none are kept. */
  history: z.union([z.literal(false), history]).prefault({}),
  rest: z.union([z.literal(false), rest]).prefault({}),
  metrics: z.union([z.literal(false), metrics]).prefault({}),
  instances: z
    .array(instance)
    .min(1, 'expected at least one instance, as in "- name: vpp"')
    .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, {
      message: 'expected every name once',
    }),
})

/** What a configuration file says, by its own keys. */
export type ConfigFile = z.infer<typeof configSchema>
/** Where REST is served. */
export type RestConfig = Exclude<ConfigFile['rest'], false>
/** Where metrics are served. */
export type MetricsConfig = Exclude<ConfigFile['metrics'], false>
/** Where the desired state is kept. */
export type StoreConfig = ConfigFile['store']
