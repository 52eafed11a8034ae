import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { addEthernet, addLoopback } from '@vpp-ts/simulator'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  eventually,
  focused,
  hasChromium,
  opened,
  openPage,
  row,
  SOON,
  startChromium,
  tab,
} from './dashboard-page.ts'
import { temporaryFolder } from './managed.ts'
import { serve, type Served, type ServedOptions } from './served.ts'

const WAN = 'GigabitEthernet0/8/0'

/** A VPP with an Ethernet interface that receives 1,000 packets of 125 bytes a second. */
async function serveTraffic(options?: ServedOptions): Promise<Served> {
  const served = await serve(options)
  const { vpp, counters } = served
  counters.addInterface('local0')
  const { swIfIndex } = addEthernet(vpp.model.interfaces, WAN, 'dpdk')
  vpp.model.interfaces.setAdminUp(swIfIndex, true)
  counters.addInterface(WAN)
  const node = counters.addNode('ip4-lookup')
  const error = counters.addError('ip4-input', 'ip4 ttl <= 1')
  let beats = 0
  const timer = setInterval(() => {
    counters.counter('rx').add(1, swIfIndex, 100n, 12_500n)
    counters.nodeCounter('calls').add(1, node, 4n)
    counters.nodeCounter('vectors').add(1, node, 100n)
    counters.nodeCounter('clocks').add(1, node, 5000n)
    counters.errorCounter.add(1, error, 1n)
    counters.setRates({ vectorRates: [0n, 25n], loops: [1n, 1n], inputRate: 1000n })
    counters.beat(++beats)
  }, 100)
  return {
    ...served,
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await served[Symbol.asyncDispose]()
    },
  }
}

describe.runIf(hasChromium)('dashboard', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startChromium()
  })
  afterAll(() => browser.close())

  it('shows live rates, nodes with vectors per call, and errors', async () => {
    await using served = await serveTraffic()
    await using watched = await openPage(browser, served.url)
    const { page } = watched
    await page.getByRole('button', { name: /one.*Connected/ }).waitFor(SOON)
    await page.getByText('1.00 kpps').waitFor(SOON)

    await tab(page, 'Interfaces').click()
    const wan = row(page, 'Interfaces', WAN)
    // Packets of 125 bytes are 1,000 bits each; how many there are in a second is up to the machine.
    await eventually(async () => {
      const texts = await wan.locator('.column-rx, .column-rx-packets').allInnerTexts()
      const [bits = 0, packets = 0] = texts.map(valueOf)
      return packets > 0 && Math.abs(bits / packets / 1000 - 1) < 0.02
    })
    expect(await wan.locator('.line-rx').getAttribute('points')).toMatch(/^[\d.]+,[\d.]+/)

    await tab(page, 'Nodes').click()
    const node = row(page, 'Busiest graph nodes', 'ip4-lookup')
    await eventually(async () => (await node.locator('.column-vectors-per-call').innerText()) === '25.0')
    await row(page, 'Error counters', 'ip4-input').getByText('ip4 ttl <= 1').waitFor(SOON)
    expect(watched.complaints).toEqual([])
  })

  it('shows one interface closely, with a chart', async () => {
    await using served = await serveTraffic()
    await using watched = await openPage(browser, `${served.url}/#interfaces`)
    const { page } = watched
    await page.getByRole('link', { name: new RegExp(`^${WAN}`) }).click(SOON)
    const detail = page.getByRole('region', { name: 'Chosen interface' })
    await detail.getByRole('heading', { name: WAN }).waitFor(SOON)
    await detail.locator('canvas').waitFor(SOON)
    await eventually(async () => /[1-9][\d,]* packets/.test(await detail.locator('.facts').innerText()))
    await detail.getByRole('link', { name: 'Close' }).click()
    await detail.waitFor({ state: 'hidden' })
    expect(watched.complaints).toEqual([])
  })

  it('shows what the agent has kept of the past, of all interfaces and of one', async () => {
    await using served = await serveTraffic()
    await using watched = await openPage(browser, served.url)
    const { page } = watched
    const received = page.locator('.view:visible .legend-value').first()
    await page.getByRole('combobox', { name: 'Time' }).selectOption('1h', SOON)
    await page.getByText(/in the last 1 h\./).waitFor({ state: 'attached', ...SOON })
    await page.getByRole('combobox', { name: 'Time' }).selectOption('10m')
    await eventually(async () => /\d/.test(await received.innerText()))
    await page.goto(`${served.url}/#interfaces/${encodeURIComponent(WAN)}`)
    await page.getByRole('combobox', { name: 'Time' }).selectOption('10m', SOON)
    await eventually(async () => /\d/.test(await received.innerText()))
    expect(watched.complaints).toEqual([])
  })

  it('sets an interface down and up, and the event log shows it', async () => {
    await using served = await serveTraffic()
    await using watched = await openPage(browser, `${served.url}/#interfaces`)
    const { page } = watched
    const admin = page.getByRole('switch', { name: `${WAN} administratively up` })
    await admin.click(SOON)
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    expect(served.vpp.model.interfaces.byName(WAN)?.adminUp).toBe(true)

    await admin.click()
    await page.getByRole('dialog').getByRole('button', { name: 'Set down' }).click()
    await page.getByRole('status').getByText(`${WAN} was set down.`).waitFor(SOON)
    expect(served.vpp.model.interfaces.byName(WAN)?.adminUp).toBe(false)
    await eventually(async () => (await admin.getAttribute('aria-checked')) === 'false')
    await row(page, 'Interfaces', WAN).locator('.column-state').getByText('Down').waitFor(SOON)

    await admin.click()
    await eventually(async () => served.vpp.model.interfaces.byName(WAN)?.adminUp === true)
    await tab(page, 'Events').click()
    await page.getByRole('combobox', { name: 'Kind of event' }).selectOption('link')
    await row(page, 'Events, the latest first', /admin up/)
      .first()
      .waitFor(SOON)
    await row(page, 'Events, the latest first', /admin down/)
      .first()
      .waitFor(SOON)
    expect(watched.complaints).toEqual([])
  })

  it('an interface that VPP refuses to set is told, and shown as it is', async () => {
    await using served = await serveTraffic()
    served.vpp.on('sw_interface_set_flags', () => ({ retval: -1 }))
    await using watched = await openPage(browser, `${served.url}/#interfaces`, {}, /422/)
    const { page } = watched
    const admin = page.getByRole('switch', { name: `${WAN} administratively up` })
    await admin.click(SOON)
    await page.getByRole('dialog').getByRole('button', { name: 'Set down' }).click()
    await page.getByRole('status').getByText(`${WAN} was not set down`).waitFor(SOON)
    await eventually(async () => (await admin.getAttribute('aria-checked')) === 'true')
    expect(watched.complaints).toEqual([])
  })

  it('an interface of a watched folder says where it is declared, and can be taken over', async () => {
    await using folder = await temporaryFolder()
    writeFileSync(join(folder.path, 'a.yaml'), '{ kind: interface, type: loopback, name: lan }')
    await using served = await serve({ instance: { watch: folder.path } })
    const admin = { name: 'lan administratively up' }
    await using watched = await openPage(browser, `${served.url}/#interfaces`, {}, /409/)
    const { page } = watched
    const dialog = page.getByRole('dialog')
    await page.getByRole('switch', admin).click(SOON)
    await dialog.getByRole('button', { name: 'Set down' }).click()
    await dialog.getByText(`declared by a file in ${folder.path}`).waitFor(SOON)
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await eventually(
      async () => (await page.getByRole('switch', admin).getAttribute('aria-checked')) === 'true',
    )

    await page.getByRole('switch', admin).click()
    await dialog.getByRole('button', { name: 'Set down' }).click()
    await dialog.getByRole('button', { name: 'Take over' }).click(SOON)
    await page.getByRole('status').getByText('lan was set down.').waitFor(SOON)
    expect(served.vpp.model.interfaces.byName('loop0')?.adminUp).toBe(false)
    expect((await served.ask('GET', '/conflicts')).body).toMatchObject({
      conflicts: [{ key: 'lan', origin: 'folder' }],
    })
    expect(watched.complaints).toEqual([])
  })

  it('searches routes at the agent and turns pages', async () => {
    await using served = await serve()
    const routes = Array.from({ length: 250 }, (_, i) => ({ prefix: `10.1.${i}.0/24`, drop: true }))
    await served.ask('POST', '/routes?wait=true', routes)
    await using watched = await openPage(browser, `${served.url}/#routes`)
    const { page } = watched
    await page.getByText('1–100 of 250 routes').waitFor(SOON)
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByText('101–200 of 250 routes').waitFor(SOON)
    await page.getByRole('searchbox', { name: 'Search routes' }).fill('10.1.77.')
    await page.getByText('1 route', { exact: true }).waitFor(SOON)
    await row(page, 'Routes', '10.1.77.0/24').getByText('Applied').waitFor(SOON)
    expect(await page.getByRole('button', { name: 'Next' }).isDisabled()).toBe(true)
    expect(watched.complaints).toEqual([])
  })

  it('shows what is to change, and what an item waits for', async () => {
    await using served = await serve()
    await served.ask('POST', '/neighbours?wait=true', {
      interface: 'lan',
      address: '192.0.2.9',
      mac: '02:00:00:00:00:09',
    })
    await using watched = await openPage(browser, `${served.url}/#plan`)
    const { page } = watched
    await page.getByText('1 change due.').waitFor(SOON)
    await row(page, 'Pending changes', /neighbour lan/)
      .getByText('Create')
      .waitFor(SOON)
    await row(page, 'Items not in their desired state', /neighbour lan/)
      .getByText('Waiting')
      .waitFor(SOON)
    await served.ask('POST', '/interfaces?wait=true', { type: 'loopback', name: 'lan' })
    await page.getByText('Actual equals desired.').waitFor(SOON)
    expect(watched.complaints).toEqual([])
  })

  it('survives a restart of VPP', async () => {
    await using served = await serve()
    await served.ask('POST', '/interfaces?wait=true', { type: 'loopback', name: 'lan' })
    await using watched = await openPage(browser, `${served.url}/#interfaces`)
    const { page } = watched
    await row(page, 'Interfaces', /^lan/).waitFor(SOON)
    await served.vpp.stop()
    await page.getByRole('button', { name: /one.*(Disconnected|Connecting)/ }).waitFor(SOON)
    await page.getByText(/one is not connected: /).waitFor(SOON)
    await served.vpp.restart()
    await page.getByRole('button', { name: /one.*Connected/ }).waitFor(SOON)
    await row(page, 'Interfaces', /^lan/).getByText('Up').first().waitFor(SOON)
    expect(watched.complaints).toEqual([])
  })

  it('asks for the token, again when it is wrong, and keeps it for the tab alone', async () => {
    const token = '0123456789abcdef-right'
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'token')
    writeFileSync(file, token)
    await using served = await serveTraffic({
      rest: { 'token-file': file },
      headers: { authorization: `Bearer ${token}` },
    })
    await using watched = await openPage(browser, served.url, {}, /401/)
    const { page } = watched
    const field = page.getByLabel('Token of the agent')
    await field.fill('0123456789abcdef-wrong', SOON)
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('rejected this token').waitFor(SOON)
    await field.fill(token)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: /one.*Connected/ }).waitFor(SOON)
    await page.reload()
    await page.getByRole('button', { name: /one.*Connected/ }).waitFor(SOON)
    expect(await page.evaluate('localStorage.length + document.cookie.length')).toBe(0)
    expect(watched.complaints).toEqual([])
  })

  it('stays small and quick with 3,000 interfaces', async () => {
    await using served = await serve()
    const { counters, vpp } = served
    counters.addInterface('local0')
    const loops = Array.from({ length: 3000 }, () =>
      counters.addInterface(addLoopback(vpp.model.interfaces).name),
    )
    const timer = setInterval(() => {
      for (const column of loops) counters.counter('rx').add(0, column, BigInt(column), BigInt(column * 100))
    }, 500)
    using _traffic = { [Symbol.dispose]: () => clearInterval(timer) }
    await using watched = await openPage(browser, `${served.url}/#interfaces`)
    const { page } = watched
    await page.getByText('3,001 interfaces').waitFor(SOON)
    const elements = async () => Number(await page.evaluate('document.querySelectorAll("*").length'))
    expect(await elements()).toBeLessThan(1500)
    const table = page.getByRole('table', { name: 'Interfaces' })
    expect(await table.getAttribute('aria-rowcount')).toBe('3002')

    const share = await busyShare(page)
    console.info(
      `3,000 interfaces: ${await elements()} elements, page busy for ${(share * 100).toFixed(1)} %`,
    )
    expect(share).toBeLessThan(0.4)

    await page.getByRole('region', { name: 'Interfaces (table)' }).press('End')
    await row(page, 'Interfaces', /^loop2999/).waitFor(SOON)
    const rate = row(page, 'Interfaces', /^loop2999/).locator('.column-rx')
    await eventually(async () => valueOf(await rate.innerText()) > 0)
    const first = await rate.innerText()
    await eventually(async () => (await rate.innerText()) !== first)
    expect(await elements()).toBeLessThan(1500)
    await page.getByRole('searchbox', { name: 'Search interfaces' }).fill('loop1234')
    await page.getByText('1 of 3,001 interfaces').waitFor(SOON)
    await page.getByRole('switch', { name: 'loop1234 administratively up' }).click()
    await page.getByRole('status').getByText('loop1234 was set up.').waitFor(SOON)
    expect(watched.complaints).toEqual([])
  })

  it('is walked through with the keyboard', async () => {
    await using served = await serveTraffic()
    addLoopback(served.vpp.model.interfaces)
    await using watched = await openPage(browser, served.url)
    const { page } = watched
    await page.getByRole('button', { name: /one.*Connected/ }).waitFor(SOON)
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Skip to the content')
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('API')
    await page.keyboard.press('Tab')
    expect(await focused(page)).toMatch(/^Colours: Auto/)
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid')
    await page.keyboard.press('Enter')
    expect(await page.evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe('light')
    await page.keyboard.press('Enter')
    expect(await page.evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe('dark')
    await page.keyboard.press('Tab')
    expect(await focused(page)).toMatch(/^one/)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Interfaces')
    await page.keyboard.press('Enter')
    await opened(page, 'Interfaces')

    const first = page.getByRole('link', { name: /^local0/ })
    await first.focus(SOON)
    await page.keyboard.press('ArrowDown')
    expect(await focused(page)).toMatch(new RegExp(`^${WAN}`))
    await page.keyboard.press('ArrowDown')
    expect(await focused(page)).toMatch(/^loop0/)
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe(
      'loop0 administratively up',
    )
    // The focus stays on the row while views come in.
    await page.keyboard.press('Space')
    await page.getByRole('status').getByText('loop0 was set up.').waitFor(SOON)
    await row(page, 'Interfaces', /^loop0/)
      .getByText('Up')
      .first()
      .waitFor(SOON)
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe(
      'loop0 administratively up',
    )
    expect(watched.complaints).toEqual([])
  })

  it('fits a phone, with landmarks and a name for everything that can be used', async () => {
    await using served = await serveTraffic()
    await using watched = await openPage(browser, served.url, { viewport: { width: 390, height: 844 } })
    const { page } = watched
    await page.getByRole('button', { name: /one.*Connected/ }).waitFor(SOON)
    for (const landmark of ['banner', 'navigation', 'main'] as const) {
      expect(await page.getByRole(landmark).count()).toBe(1)
    }
    for (const name of [
      'Overview',
      'Interfaces',
      'Topology',
      'Items',
      'Routes',
      'Nodes',
      'History',
      'Events',
      'Desired',
    ]) {
      await tab(page, name).click()
      await opened(page, name)
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
      const nameless = `[...document.querySelectorAll('button, input, select, a')]
        .filter((it) => it.checkVisibility() && !it.ariaLabel && !it.textContent.trim() && !it.labels?.length).length`
      expect(await page.evaluate(nameless)).toBe(0)
    }
    expect(watched.complaints).toEqual([])
  })

  it('is served with a content security policy that lets nothing in from elsewhere', async () => {
    await using served = await serve()
    const page = await fetch(served.url)
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'self';/)
    const html = await page.text()
    expect(html).not.toMatch(/\sstyle=|<style|<script(?! type="module" src="\/)|\son\w+=|https?:/)
  })
})

/** Part of five seconds, and so of about five views, in which the page's thread computes: scripts, layout, painting. */
async function busyShare(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  // Time of the thread alone: it does not matter what else the machine does.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const spent = async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN
  }
  const before = await spent()
  await page.waitForTimeout(5000)
  return ((await spent()) - before) / 5
}

/** A number as the page shows it: `1.23 M`. */
function valueOf(text: string): number {
  const [digits = '', prefix = ''] = text.split(' ')
  return Number(digits) * 1000 ** ['', 'k', 'M'].indexOf(prefix)
}
