import { readFile } from 'node:fs/promises'
import axe, { type AxeResults } from 'axe-core'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, openPage, row, SOON, startChromium } from './dashboard-page.ts'
import { readPcap } from './pcap.ts'
import { serve } from './served.ts'

const TOOLS = { rest: { diagnosis: { trace: true, pcap: true } } }
const FRAME = Buffer.from('020000000001020000000002080045000014', 'hex')

describe.runIf(hasChromium)('diagnosis on the dashboard', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startChromium()
  })
  afterAll(() => browser.close())

  it('traces packets by the keyboard alone, as a tree without a serious finding of axe', async () => {
    await using served = await serve(TOOLS)
    const error = served.counters.addError('ip4-input', 'ip4 ttl <= 1')
    served.counters.errorCounter.add(0, error, 7n)
    const { traces } = served.vpp.model
    const traffic = setInterval(() => {
      traces.arrive('memif-input', [
        ['memif-input', 'memif: hw_if_index 1', '  slot: <b>ring 0</b>'],
        ['ip4-input', 'ICMP: 192.0.2.1 -> 192.0.2.2'],
        ['error-drop', 'rx:memif0/0'],
      ])
    }, 50)
    try {
      await using watched = await openPage(browser, `${served.url}/#diagnosis`)
      const { page } = watched
      await row(page, 'Error counters', 'ip4-input').getByText('ip4 ttl <= 1').waitFor(SOON)
      const trace = page.getByRole('form', { name: 'Trace packets' })
      await trace.getByRole('button', { name: 'Trace' }).and(page.locator(':enabled')).waitFor(SOON)
      await trace.getByLabel('Input node').focus()
      await page.keyboard.press('Control+A')
      await page.keyboard.type('memif-input')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Control+A')
      await page.keyboard.type('1')
      await page.keyboard.press('Enter')
      await trace.getByText('1 packet traced.').waitFor(SOON)
      const tree = page.locator('.trace')
      await tree.getByText('Packet 1: memif-input → error-drop, 3 nodes, thread 0').waitFor(SOON)
      // What VPP says is text, whatever is in it.
      await tree.getByText('slot: <b>ring 0</b>').waitFor(SOON)
      await tree.locator('summary').nth(1).focus()
      await page.keyboard.press('Enter')
      await tree.getByText('slot: <b>ring 0</b>').waitFor({ state: 'hidden' })
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await page.evaluate(axe.source)
        const found = (await page.evaluate('axe.run()')) as AxeResults
        const serious = found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
        expect(serious.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
      }
      expect(watched.complaints).toEqual([])
    } finally {
      clearInterval(traffic)
    }
    expect(traces.packets).toEqual([])
  })

  it('saves a capture, and says what the agent refuses', async () => {
    await using served = await serve(TOOLS)
    await using watched = await openPage(browser, `${served.url}/#diagnosis`, {}, /404/)
    const { page } = watched
    const capture = page.getByRole('form', { name: 'Capture packets' })
    await capture.getByLabel('Interface').fill('local0')
    await capture.getByLabel('Seconds').fill('1')
    const traffic = setInterval(() => {
      served.vpp.model.captures.pass({ direction: 'received', swIfIndex: 0, bytes: FRAME })
    }, 50)
    try {
      const saved = page.waitForEvent('download', SOON)
      await capture.getByRole('button', { name: 'Capture' }).click(SOON)
      const download = await saved
      expect(download.suggestedFilename()).toBe('one.pcap')
      const packets = readPcap(await readFile(await download.path()))
      expect(packets.length).toBeGreaterThan(0)
      expect(packets[0]?.bytes).toEqual(FRAME)
    } finally {
      clearInterval(traffic)
    }
    await capture.getByText(/bytes saved as one\.pcap/).waitFor(SOON)
    await capture.getByLabel('Interface').fill('nowhere')
    await capture.getByRole('button', { name: 'Capture' }).click(SOON)
    await capture.getByText('VPP has no interface "nowhere"').waitFor(SOON)
    expect(watched.complaints).toEqual([])
  })

  it('says how tools that are off are allowed', async () => {
    await using served = await serve()
    await using watched = await openPage(browser, `${served.url}/#diagnosis`)
    const { page } = watched
    const trace = page.getByRole('form', { name: 'Trace packets' })
    await trace.getByText('set rest.diagnosis.trace').waitFor(SOON)
    expect(await trace.getByRole('button', { name: 'Trace' }).isDisabled()).toBe(true)
    expect(watched.complaints).toEqual([])
  })
})
