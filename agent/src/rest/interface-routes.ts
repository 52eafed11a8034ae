import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { IfStatusFlags } from '@vpp-ts/binapi-interface-types'
import type { InterfaceStats } from '@vpp-ts/stats'
import { z } from 'zod'
import { AgentError } from '../model/errors.ts'
import type { Instance } from '../instance/instance.ts'
import { declarationOf } from '../desired/declaration.ts'
import type { ItemRef } from '../kinds/item.ts'
import { tagOf } from '../desired/plan-change.ts'
import type { DocumentedPath } from '../web/openapi.ts'
import { RequestError } from '../web/request-error.ts'
import type { KnownInterface } from '../telemetry/interface-table.ts'
import { instanceOf, type RestContext } from './context.ts'
import { InterfaceFacts } from './interface-facts.ts'
import { keyInPath, putOne } from './item-routes.ts'
import { pageOf, paging } from './paging.ts'
import { desiredSchemaOf, desiredView, type DesiredView } from './views.ts'
import { writing } from './writing.ts'
import { query, type ZodServer } from '../web/zod-provider.ts'

const count = z.number().describe('Beyond 2^53 the last digits are lost.')
const pair = z.object({ packets: count, bytes: count })

const countersSchema = z.object({
  rx: pair,
  tx: pair,
  drops: count,
  punts: count,
  ip4: count,
  ip6: count,
  mpls: count,
  rxNoBuffer: count,
  rxMiss: count,
  rxErrors: count,
  txErrors: count,
})

const interfaceSchema = z.object({
  swIfIndex: z.int(),
  name: z.string().describe("The agent's name for interfaces that it created, VPP's name for others."),
  vppName: z.string(),
  device: z.string().describe("VPP's name of the device or driver."),
  supSwIfIndex: z.int().describe('The parent of a sub-interface; otherwise its own index.'),
  owned: z.boolean().describe('An item of the agent.'),
  adminUp: z.boolean(),
  linkUp: z.boolean(),
  mtu: z.int().describe('L3, in bytes.'),
  mac: z.string(),
  linkSpeed: z.number().describe('Kbit/s; 0 when unknown.'),
  vlan: z
    .string()
    .nullable()
    .describe('Tags of the packets that a sub-interface accepts, such as `100` or `100.7`; null for others.'),
  tag: z.string().describe('Set by a client; the agent marks its interfaces with it.'),
  addresses: z.array(z.string()).describe('As of the last look at VPP, without link-local ones.'),
  table: z.int().nullable().describe('IPv4 table as of the last look; null if unknown.'),
  table6: z.int().nullable().describe('IPv6 table.'),
  origin: z.string().nullable().describe('Origin that declares it; null if it is not an item.'),
  counters: countersSchema.nullable().describe('Null while the stats segment cannot be read.'),
})

/** An interface as VPP has it. */
export type InterfaceView = z.infer<typeof interfaceSchema>

/** An interface as VPP has it, and as it should be. */
export interface InterfaceDetail {
  readonly interface: InterfaceView | null
  readonly desired: DesiredView | null
}

/** Interfaces as VPP has them, with counters, and a switch for them. */
export function interfaceRoutes(app: ZodServer, context: RestContext): void {
  app.get(
    '/interfaces',
    {
      schema: {
        summary: 'Interfaces as VPP has them, with counters',
        tags: ['interfaces'],
        querystring: query(paging),
        response: { 200: z.object({ total: z.int(), interfaces: z.array(interfaceSchema) }) },
      },
    },
    async (request) => {
      const instance = instanceOf(context, request)
      const all = await context.telemetry.of(instance).interfaces.readNow()
      const { total, entries } = await pageOf(
        all,
        request.query,
        ({ name, vppName }) => `${name}\n${vppName}`,
      )
      const counters = await countersOf(context, instance)
      const facts = new InterfaceFacts(instance)
      return {
        total,
        interfaces: entries.map((it) => ({
          ...it,
          ...facts.of(it.name),
          counters: counters.get(it.swIfIndex) ?? null,
        })),
      }
    },
  )
  app.get(
    '/interfaces/*',
    {
      schema: {
        summary: "An interface by the agent's name or VPP's: as VPP has it, and as it is to be",
        tags: ['interfaces'],
        params: keyInPath,
        querystring: query({}),
        response: {
          200: z.object({
            interface: interfaceSchema.nullable(),
            desired: desiredSchemaOf(context.agent.kinds).nullable(),
          }),
        },
      },
    },
    async (request, reply) => {
      const instance = instanceOf(context, request)
      const { key: name } = request.params
      await instance.declared.known()
      const kept = instance.declared.state.keptOf({ kind: 'interface', key: name })
      const known = await find(context, instance, name)
      if (kept === undefined && known === undefined) throw unknown(instance, name)
      const counters = known === undefined ? undefined : await countersOf(context, instance)
      if (kept !== undefined) void reply.header('etag', `"${tagOf(kept)}"`)
      return {
        interface:
          known === undefined
            ? null
            : {
                ...known,
                ...new InterfaceFacts(instance).of(known.name),
                counters: counters?.get(known.swIfIndex) ?? null,
              },
        desired: kept === undefined ? null : desiredView(instance, kept),
      }
    },
  )
  stateRoute(app, context)
}

function stateRoute(app: ZodServer, context: RestContext): void {
  app.post(
    '/interfaces/*',
    {
      config: { path: '/interfaces/{key}/state' } satisfies DocumentedPath,
      schema: {
        summary: 'Set an interface up or down: an item in its declaration, a foreign interface in VPP itself',
        tags: ['interfaces'],
        params: keyInPath,
        querystring: query(writing),
        body: z.strictObject({ adminUp: z.boolean() }),
      },
    },
    async (request, reply) => {
      const instance = instanceOf(context, request)
      const name = /^(.+)\/state$/.exec(request.params.key)?.[1]
      if (name === undefined) {
        const what = `nothing is served under POST ${request.url}`
        throw new RequestError('AGENT_NOT_FOUND', `${what}; put an interface, or post to its /state`)
      }
      const { adminUp } = request.body
      const given = await instance.declared.given({ kind: 'interface', key: name })
      if (given !== undefined) {
        const declaration = declarationOf({ ...given, enabled: adminUp }, name, instance.declared.kinds)
        try {
          await putOne(instance, declaration, { request, reply, ...request.query })
        } catch (error) {
          throw whereDeclared(context, instance, declaration.ref, error)
        }
        return
      }
      const known = await find(context, instance, name)
      if (known === undefined) throw unknown(instance, name)
      const flags = adminUp ? IfStatusFlags.IF_STATUS_API_FLAG_ADMIN_UP : 0
      const client = new InterfaceClient(instance.connection)
      await client.swInterfaceSetFlags({ swIfIndex: known.swIfIndex, flags })
      await reply.send({ name: known.name, swIfIndex: known.swIfIndex, adminUp })
    },
  )
}

/** An item that a folder declares is changed there: says where that is. */
function whereDeclared({ agent }: RestContext, instance: Instance, ref: ItemRef, error: unknown): unknown {
  if (!(error instanceof AgentError) || error.code !== 'AGENT_CONFLICT') return error
  const origin = instance.declared.state.keptOf(ref)?.origin
  const source = agent.sources.find((it) => it.instance === instance.name && it.origin === origin)
  if (source === undefined) return error
  const message = `${ref.kind} "${ref.key}" is declared by a file in ${source.location}; change it there, or take it over (takeOver=true)`
  return new AgentError('AGENT_CONFLICT', message)
}

async function find(
  context: RestContext,
  instance: Instance,
  name: string,
): Promise<KnownInterface | undefined> {
  const all = await context.telemetry.of(instance).interfaces.readNow()
  return all.find((it) => it.name === name) ?? all.find((it) => it.vppName === name)
}

async function countersOf(
  { telemetry }: RestContext,
  instance: Instance,
): Promise<ReadonlyMap<number, z.infer<typeof countersSchema>>> {
  const client = await telemetry.of(instance).stats.client()
  try {
    const all = (await client?.interfaces()) ?? []
    return new Map(all.map((it) => [it.swIfIndex, countersView(it)]))
  } catch {
    // VPP disconnected meanwhile; counters are left out, as while it is away.
    return new Map()
  }
}

function countersView(it: InterfaceStats): z.infer<typeof countersSchema> {
  return {
    rx: { packets: Number(it.rx.packets), bytes: Number(it.rx.bytes) },
    tx: { packets: Number(it.tx.packets), bytes: Number(it.tx.bytes) },
    drops: Number(it.drops),
    punts: Number(it.punts),
    ip4: Number(it.ip4),
    ip6: Number(it.ip6),
    mpls: Number(it.mpls),
    rxNoBuffer: Number(it.rxNoBuffer),
    rxMiss: Number(it.rxMiss),
    rxErrors: Number(it.rxErrors),
    txErrors: Number(it.txErrors),
  }
}

function unknown(instance: Instance, name: string): AgentError {
  return new AgentError('AGENT_UNKNOWN_ITEM', `instance "${instance.name}" has no interface "${name}"`)
}
