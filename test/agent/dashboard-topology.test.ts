import { addEthernet, addLoopback } from '@vpp-ts/simulator'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, focused, hasChromium, openPage, SOON, startChromium } from './dashboard-page.ts'
import { serve } from './served.ts'

const ITEMS = [
  { kind: 'vrf', id: 10 },
  { kind: 'interface', type: 'loopback', name: 'lan', addresses: ['192.0.2.1/24'] },
  {
    kind: 'interface',
    type: 'vlan',
    name: 'eth.7',
    parent: 'eth',
    vlan: 7,
    table: 10,
    addresses: ['198.51.100.1/24'],
  },
  { kind: 'bridge-domain', id: 5, members: [{ interface: 'tap' }] },
  { kind: 'interface', type: 'loopback', name: 'tap' },
  { kind: 'neighbour', interface: 'lan', address: '192.0.2.9', mac: '02:00:00:00:00:09' },
  { kind: 'route', prefix: '10.1.0.0/16', paths: [{ nextHop: '192.0.2.9', interface: 'lan' }] },
  { kind: 'route', prefix: '10.2.0.0/16', paths: [{ nextHop: '192.0.2.9', interface: 'lan' }] },
]

describe.runIf(hasChromium)('topology on the dashboard', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startChromium()
  })
  afterAll(() => browser.close())

  it('is searched, and walked with the keyboard', async () => {
    await using served = await serve()
    addEthernet(served.vpp.model.interfaces, 'eth', 'dpdk')
    await served.ask('POST', '/desired?wait=true', ITEMS)
    await using watched = await openPage(browser, `${served.url}/#topology`)
    const { page } = watched
    const graph = page.getByRole('group', { name: 'Graph of the network' })
    await graph.getByRole('button', { name: /eth\.7/ }).waitFor(SOON)
    await page.getByRole('searchbox', { name: 'Search the network' }).fill('192.0.2.9')
    await page.getByRole('list', { name: 'Found' }).getByRole('link', { name: '192.0.2.9' }).click(SOON)
    const chosen = page.getByRole('region', { name: 'Chosen node' })
    await chosen.getByRole('heading', { name: '192.0.2.9' }).waitFor(SOON)
    expect(await chosen.innerText()).toMatch(/is a next hop of lan \(2 routes\)/)

    await graph.getByRole('button', { pressed: true }).focus()
    await page.keyboard.press('ArrowLeft')
    expect(await focused(page)).toMatch(/^lan|lan/)
    await page.keyboard.press('Enter')
    await chosen.getByRole('heading', { name: 'lan' }).waitFor(SOON)
    expect(await chosen.innerText()).toMatch(/is routed by VRF 0/)
    expect(page.url()).toMatch(/#topology\/interface%20lan$/)
    await page.keyboard.press('ArrowLeft')
    expect(await focused(page)).toMatch(/one/)
    await page.goBack()
    await chosen.getByRole('heading', { name: '192.0.2.9' }).waitFor(SOON)
    expect(watched.complaints).toEqual([])
  })

  it('shows rates on the edges, and leads to the interface', async () => {
    await using served = await serve()
    const { counters, vpp } = served
    counters.addInterface('local0')
    const { swIfIndex } = addEthernet(vpp.model.interfaces, 'eth', 'dpdk')
    vpp.model.interfaces.setAdminUp(swIfIndex, true)
    counters.addInterface('eth')
    const timer = setInterval(() => counters.counter('rx').add(1, swIfIndex, 100n, 12_500n), 100)
    using _traffic = { [Symbol.dispose]: () => clearInterval(timer) }
    await using watched = await openPage(browser, `${served.url}/#topology`)
    const { page } = watched
    await eventually(async () =>
      /↓ [\d.]+ M/.test((await page.locator('.graph-rate').allTextContents()).join(' ')),
    )
    await page
      .getByRole('group', { name: 'Graph of the network' })
      .getByRole('button', { name: /eth/ })
      .click()
    await page.getByRole('link', { name: 'Rates and counters' }).click(SOON)
    const detail = page.getByRole('region', { name: 'Chosen interface' })
    await detail.getByRole('heading', { name: 'eth' }).waitFor(SOON)
    expect(await detail.locator('.facts').innerText()).toMatch(/Driver\s+dpdk[\s\S]*Owner\s+not the agent/)
    expect(watched.complaints).toEqual([])
  })

  it('draws no more of 5,000 interfaces than of a few', async () => {
    await using served = await serve()
    for (let count = 0; count < 5000; count++) addLoopback(served.vpp.model.interfaces)
    await using watched = await openPage(browser, `${served.url}/#topology`)
    const { page } = watched
    await page.getByText(/^41 of 5,00\d nodes$/).waitFor(SOON)
    expect(await page.locator('.graph-node').count()).toBe(41)
    await page.getByRole('searchbox', { name: 'Search the network' }).fill('loop4999')
    await page.getByRole('list', { name: 'Found' }).getByRole('link', { name: 'loop4999' }).click(SOON)
    await page
      .getByRole('region', { name: 'Chosen node' })
      .getByRole('heading', { name: 'loop4999' })
      .waitFor(SOON)
    expect(watched.complaints).toEqual([])
  })
})
