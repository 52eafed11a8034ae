import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { addEthernet } from '@vpp-ts/simulator'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, hasChromium, loaded, openPage, row, SOON, startChromium } from './dashboard-page.ts'
import { temporaryFolder } from './managed.ts'
import { serve } from './served.ts'

/** Names that would be more than text where they are taken for HTML. */
const IMAGE = '<img src=x onerror=hit()>'
const SCRIPT = '"><script>hit()</script>'
const LINK = 'javascript:hit()'

const VIEWS = [
  'overview',
  'interfaces',
  `interfaces/${encodeURIComponent(IMAGE)}`,
  'topology',
  `topology/${encodeURIComponent(`interface ${SCRIPT}`)}`,
  'items',
  `items/interface/${encodeURIComponent(IMAGE)}`,
  `items/interface/${encodeURIComponent(IMAGE)}?edit=1`,
  `items/${encodeURIComponent(SCRIPT)}/${encodeURIComponent(IMAGE)}?state=${encodeURIComponent(SCRIPT)}`,
  'routes',
  'nodes',
  'diagnosis',
  'history/1',
  'history/2',
  'events',
  'diagnosis',
  'plan',
]

describe.runIf(hasChromium)('names on the dashboard', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startChromium()
  })
  afterAll(() => browser.close())

  it('are text in every view, wherever they come from', async () => {
    await using folder = await temporaryFolder()
    const yaml = [
      { kind: 'interface', type: 'existing', name: IMAGE },
      { kind: 'neighbour', interface: SCRIPT, address: '192.0.2.9', mac: '02:00:00:00:00:09' },
      { kind: 'route', prefix: '10.1.0.0/16', paths: [{ nextHop: '192.0.2.9', interface: LINK }] },
      { kind: 'acl', name: SCRIPT, rules: [] },
      { kind: IMAGE },
    ]
    writeFileSync(join(folder.path, `${encodeURIComponent(IMAGE)}.yaml`), JSON.stringify(yaml))
    await using served = await serve({ instance: { watch: folder.path } })
    for (const name of [IMAGE, SCRIPT, LINK]) addEthernet(served.vpp.model.interfaces, name, IMAGE)
    served.counters.addInterface('local0')
    served.counters.errorCounter.add(1, served.counters.addError(IMAGE, SCRIPT), 1n)
    const note = new URLSearchParams({ author: IMAGE, comment: SCRIPT })
    await served.ask('POST', `/vrfs?${note}`, { id: 7 })
    await using watched = await openPage(browser, served.url, {}, /40[04]/)
    const { page } = watched
    await page.evaluate('globalThis.hit = () => { globalThis.wasHit = true }')
    for (const view of VIEWS) {
      await page.evaluate(`location.hash = ${JSON.stringify(view)}`)
      await page.locator(`nav a[href="#${view.replace(/[/?].*$/, '')}"][aria-current=page]`).waitFor(SOON)
      await loaded(page)
      const made = `document.querySelectorAll('img:not([src="/icon.svg"]), body script, a[href^="javascript:" i]').length`
      expect(await page.evaluate(made), view).toBe(0)
    }
    await page.evaluate('location.hash = "interfaces"')
    await row(page, 'Interfaces', `${SCRIPT} ${IMAGE}`).waitFor(SOON)
    await page.evaluate('location.hash = "plan"')
    await page.getByRole('region', { name: 'Sources' }).getByText('Has errors').waitFor(SOON)
    await page.evaluate('location.hash = "history/1"')
    await eventually(async () => (await page.getByText(SCRIPT).count()) > 0)
    expect(await page.evaluate('globalThis.wasHit')).toBeUndefined()
    expect(watched.complaints).toEqual([])
  })
})
