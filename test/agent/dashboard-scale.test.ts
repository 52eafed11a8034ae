import { fileURLToPath } from 'node:url'
import { fastify } from 'fastify'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveDashboard } from '../../agent/src/dashboard/dashboard.ts'
import { hasChromium, openPage, row, SOON, startChromium, tab } from './dashboard-page.ts'

const INTERFACES = 5000
const ROUTES = 100_000
/** Milliseconds of a task after which a page is felt to hesitate. */
const LONGEST = 50
const DASHBOARD = fileURLToPath(new URL('../../agent/dashboard/', import.meta.url))

/** What an agent with many interfaces and routes answers, without a VPP: what is measured is the page. */
async function serveMany(): Promise<{ url: string } & AsyncDisposable> {
  const app = fastify({ forceCloseConnections: true })
  const status = { kind: 'route', state: 'applied', error: null, since: null, attempts: 0 }
  const page = (query: unknown): { items: object[]; total: number } => {
    const { search = '', offset = '0' } = query as { search?: string; offset?: string }
    const total = search === '' ? ROUTES : 256
    const items = Array.from({ length: 100 }, (_, index) => {
      const prefix = `10.${search === '' ? index : 77}.${Number(offset) % 256}.${index}/32`
      const item = {
        kind: 'route',
        table: 0,
        prefix,
        drop: false,
        paths: [{ nextHop: '192.0.2.1', weight: 1 }],
      }
      return { key: `0/${prefix}`, item, status, origin: 'api', others: [] }
    })
    return { items, total }
  }
  app.get('/api/v1/info', () => ({ role: 'operator' }))
  app.get('/api/v1/kinds', () => ({ kinds: [] }))
  app.get('/api/v1/instances/one/events', () => ({ last: 0, events: [] }))
  app.get('/api/v1/instances/one/revisions', () => ({ last: 0, revisions: [] }))
  app.get('/api/v1/instances/one/routes', ({ query }) => page(query))
  app.get('/api/v1/instances/one/desired', ({ query }) => page(query))
  app.get('/api/v1/instances/one/interfaces', ({ query }) => {
    const { limit, offset } = query as { limit: string; offset: string }
    const interfaces = Array.from({ length: Number(limit) }, (_, index) => ({
      swIfIndex: Number(offset) + index,
      linkSpeed: 10_000_000,
      vlan: null,
      addresses: [`198.51.${index % 256}.1/24`, `2001:db8:${index.toString(16)}::1/64`],
      table: 0,
      table6: 0,
      origin: 'api',
    }))
    return { total: INTERFACES, interfaces }
  })
  app.get('/api/v1/instances/one/topology', () => topology())
  app.get('/api/v1/live', (_request, reply) => {
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream' })
    let beat = 0
    const send = (): void => {
      reply.raw.write(`event: live\ndata: ${JSON.stringify(liveView(beat++))}\n\n`)
    }
    send()
    const timer = setInterval(send, 1000)
    reply.raw.on('close', () => clearInterval(timer))
    return reply.hijack()
  })
  await serveDashboard(app, DASHBOARD)
  return { url: await app.listen({ port: 0 }), [Symbol.asyncDispose]: () => app.close() }
}

function liveView(beat: number): object {
  const interfaces = Array.from({ length: INTERFACES }, (_, swIfIndex) => {
    const rate = swIfIndex * 100 + beat
    const rates = {
      rxPackets: rate,
      rxBytes: rate * 100,
      txPackets: rate,
      txBytes: rate * 50,
      drops: 0,
      errors: 0,
    }
    return {
      swIfIndex,
      name: `customer-${swIfIndex}`,
      vppName: `loop${swIfIndex}`,
      device: 'Loopback',
      owned: true,
      adminUp: true,
      linkUp: true,
      mtu: 1500,
      mac: '02:00:00:00:00:01',
      counters: rates,
      rates,
    }
  })
  const items = {
    applied: ROUTES,
    pending: 0,
    waiting: 0,
    failed: 0,
    blocked: 0,
    conflict: 0,
    drifted: 0,
    frozen: 0,
    removing: 0,
  }
  const one = {
    name: 'one',
    status: 'connected',
    message: null,
    pid: 7,
    leading: true,
    items,
    lastResync: null,
    lastEvent: 0,
    sources: [],
    confirmation: null,
  }
  const detail = { name: 'one', interfaces, system: null, nodes: [], errors: [], errorsPerSecond: 0 }
  return { at: new Date().toISOString(), instances: [one], detail }
}

function topology(): object {
  const node = (id: string, type: string, name: string) => ({
    id,
    type,
    name,
    about: '',
    up: true,
    item: null,
    state: null,
  })
  const indexes = Array.from({ length: INTERFACES }, (_, index) => index)
  const edge = (from: string, to: string, relation: string) => ({
    from,
    to,
    relation,
    interface: null,
    routes: 0,
  })
  return {
    nodes: [
      node('instance one', 'instance', 'one'),
      node('vrf 0', 'vrf', 'VRF 0'),
      ...indexes.flatMap((index) => [
        node(`interface customer-${index}`, 'interface', `customer-${index}`),
        node(`hop customer-${index}/198.51.100.${index}`, 'hop', `198.51.100.${index}`),
      ]),
    ],
    edges: indexes.flatMap((index) => [
      edge('instance one', `interface customer-${index}`, 'has'),
      edge(`interface customer-${index}`, 'vrf 0', 'routed by'),
      edge(`interface customer-${index}`, `hop customer-${index}/198.51.100.${index}`, 'next hop'),
    ]),
  }
}

interface TraceEvent {
  readonly name: string
  readonly pid: number
  readonly tid: number
  /** Microseconds that the thread itself has computed, whatever else the machine does. */
  readonly tdur?: number
  readonly args?: { readonly name?: string }
}

/** Milliseconds that each task of the page's main thread has computed while something is done, the longest first. */
async function tasksOf(browser: Browser, page: Page, doIt: () => Promise<void>): Promise<number[]> {
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] })
  await doIt()
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: TraceEvent[]
  }
  const main = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  )
  return traceEvents
    .filter(({ name, pid, tid }) => name.endsWith('RunTask') && main.has(`${pid} ${tid}`))
    .map(({ tdur = 0 }) => tdur / 1000)
    .sort((one, other) => other - one)
}

describe.runIf(hasChromium)('the dashboard at scale', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startChromium()
  })
  afterAll(() => browser.close())

  it(`does not hesitate with ${INTERFACES} interfaces and ${ROUTES} routes`, async () => {
    await using served = await serveMany()
    await using watched = await openPage(browser, `${served.url}/#interfaces`)
    const { page } = watched
    await page.getByText('5,000 interfaces').waitFor(SOON)
    const tasks = await tasksOf(browser, page, async () => {
      await page.getByRole('region', { name: 'Interfaces (table)' }).press('End')
      await row(page, 'Interfaces', /^customer-4999/).waitFor(SOON)
      await page.getByRole('combobox', { name: 'Show' }).selectOption('addresses')
      await page.getByRole('button', { name: 'Addresses' }).click()
      await page.getByRole('searchbox', { name: 'Search interfaces' }).fill('customer-4321')
      await page.getByText('1 of 5,000 interfaces').waitFor(SOON)
      await tab(page, 'Routes').click()
      await page.getByText('1–100 of 100,000 routes').waitFor(SOON)
      await page.getByRole('searchbox', { name: 'Search routes' }).fill('10.1.77.')
      await page.getByText('1–100 of 256 routes').waitFor(SOON)
      await tab(page, 'Topology').click()
      await page.getByText(/^\d+ of 10,002 nodes$/).waitFor(SOON)
      await page.getByRole('searchbox', { name: 'Search the network' }).fill('customer-4999')
      await page.getByRole('list', { name: 'Found' }).getByRole('link').click(SOON)
      await page.getByRole('heading', { name: 'customer-4999' }).waitFor(SOON)
      await tab(page, 'Items').click()
      await page.getByText('1–100 of 100,000 items').waitFor(SOON)
      await tab(page, 'Overview').click()
      await page.getByText('of 5,000', { exact: true }).waitFor(SOON)
    })
    const longest = tasks.slice(0, 5).map((it) => it.toFixed(0))
    console.info(`${tasks.length} tasks, the longest ${longest.join(', ')} ms of the thread's own time`)
    expect(tasks.length).toBeGreaterThan(100)
    expect(tasks.filter((it) => it > LONGEST)).toEqual([])
    expect(Number(await page.evaluate('document.querySelectorAll("*").length'))).toBeLessThan(3000)
    expect(watched.complaints).toEqual([])
  })
})
