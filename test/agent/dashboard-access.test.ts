import { addEthernet } from '@vpp-ts/simulator'
import axe, { type AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  eventually,
  focused,
  hasChromium,
  loaded,
  openPage,
  row,
  SOON,
  startChromium,
  tab,
} from './dashboard-page.ts'
import { serve, type Served } from './served.ts'

const VIEWS = [
  '#overview',
  '#interfaces',
  '#interfaces/lan',
  '#topology',
  '#items',
  '#items/acl/web',
  '#items/acl?new=1',
  '#items/interface?new=1',
  '#routes',
  '#nodes',
  '#diagnosis',
  '#history/1',
  '#events',
  '#diagnosis',
  '#plan',
]

async function serveSome(): Promise<Served> {
  const served = await serve()
  addEthernet(served.vpp.model.interfaces, 'eth', 'dpdk')
  await served.ask('POST', '/desired?wait=true', [
    { kind: 'interface', type: 'loopback', name: 'lan', addresses: ['192.0.2.1/24'] },
    { kind: 'acl', name: 'web', rules: [{ action: 'permit' }, { action: 'deny' }], ingress: ['lan'] },
    { kind: 'route', prefix: '10.1.0.0/16', paths: [{ nextHop: '192.0.2.9', interface: 'lan' }] },
    { kind: 'neighbour', interface: 'wan', address: '192.0.2.9', mac: '02:00:00:00:00:09' },
  ])
  return served
}

/** What axe finds serious or worse on the page as it is. */
async function findings(page: Page): Promise<string[]> {
  const { violations } = (await page.evaluate(
    'axe.run(document, { resultTypes: ["violations"] })',
  )) as AxeResults
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${failureSummary}`))
}

describe.runIf(hasChromium)('access to the dashboard', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startChromium()
  })
  afterAll(() => browser.close())

  it.each([
    ['light', { width: 1440, height: 900 }],
    ['dark', { width: 390, height: 844 }],
  ] as const)('axe finds nothing serious in any view, %s', async (colorScheme, viewport) => {
    await using served = await serveSome()
    await using watched = await openPage(browser, served.url, { colorScheme, viewport })
    const { page } = watched
    await page.getByRole('button', { name: /one.*Connected/ }).waitFor(SOON)
    await page.evaluate(axe.source)
    for (const view of VIEWS) {
      await page.evaluate(`location.hash = ${JSON.stringify(view)}`)
      const name = view.slice(1).replace(/[/?].*$/, '')
      await page.locator(`nav a[href="#${name}"][aria-current=page]`).waitFor(SOON)
      await loaded(page)
      expect(await findings(page), view).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), view).toBe(true)
    }
    expect(watched.complaints).toEqual([])
  })

  it('a change is made with the keyboard alone, and nothing serious is in the way', async () => {
    await using served = await serveSome()
    await using watched = await openPage(browser, `${served.url}/#items/vrf`)
    const { page } = watched
    const press = async (...keys: string[]): Promise<void> => {
      for (const key of keys) await page.keyboard.press(key)
    }
    const tabTo = async (name: RegExp): Promise<void> => {
      for (let steps = 0; steps < 60; steps++) {
        await press('Tab')
        if (name.test(await named(page))) return
      }
      throw new Error(`the keyboard does not come to ${name}; it is on ${await named(page)}`)
    }
    await page.getByRole('button', { name: 'Add VRF' }).waitFor(SOON)
    await tabTo(/^Add VRF$/)
    await press('Enter')
    await eventually(async () => (await focused(page)) === 'Add VRF')
    await tabTo(/^ID/)
    await page.keyboard.type('10')
    await press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Add VRF' })
    await dialog.waitFor(SOON)
    expect(await focused(page)).toBe('Apply')
    await page.evaluate(axe.source)
    expect(await findings(page)).toEqual([])
    await press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    expect((await served.ask('GET', '/vrfs')).body).toMatchObject({ total: 0 })
    await tabTo(/^Show the plan$/)
    await press('Enter')
    await dialog.waitFor(SOON)
    await press('Enter')
    await row(page, 'Items', /^10/).getByText('Applied').waitFor(SOON)
    await tabTo(/^10/)
    await press('Enter')
    await eventually(async () => (await focused(page)) === 'VRF 10')
    expect(await tab(page, 'Items').getAttribute('aria-current')).toBe('page')
    expect(watched.complaints).toEqual([])
  })
})

/** What the element that has the focus is called. */
async function named(page: Page): Promise<string> {
  return String(
    await page.evaluate(
      '(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim().replaceAll(/\\\\s+/g, " ")',
    ),
  )
}
