import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, hasChromium, openPage, row, SOON, startChromium } from './dashboard-page.ts'
import { temporaryFolder } from './managed.ts'
import { serve } from './served.ts'

interface Items {
  readonly items: readonly { readonly key: string; readonly item: Readonly<Record<string, unknown>> }[]
}

describe.runIf(hasChromium)('items on the dashboard', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startChromium()
  })
  afterAll(() => browser.close())

  it('one is added with a plan before and kept after, changed, and deleted', async () => {
    await using served = await serve()
    await using watched = await openPage(browser, `${served.url}/#items/vrf`)
    const { page } = watched
    const dialog = page.getByRole('dialog')
    await page.getByRole('button', { name: 'Add VRF' }).click(SOON)
    await page.getByRole('textbox', { name: 'ID' }).fill('10')
    await page.getByRole('button', { name: 'Show the plan' }).click()
    await dialog.getByRole('heading', { name: 'Add VRF' }).waitFor(SOON)
    await dialog.getByText('1 item changed, 2 changes in VPP.').waitFor(SOON)
    await dialog.getByText('+id: 10').waitFor(SOON)
    await dialog.getByText(/^\+ table 4\/10/).waitFor(SOON)
    expect((await served.ask('GET', '/vrfs')).body).toMatchObject({ total: 0 })
    await dialog.getByRole('textbox', { name: 'Comment for the history' }).fill('blue customers')
    await dialog.getByRole('button', { name: 'Apply' }).click()
    await row(page, 'Items', /^10/).getByText('Applied').waitFor(SOON)

    const waiting = page.getByRole('region', { name: 'Change to be confirmed' })
    await waiting.getByText('Revision 1 of one is undone unless it is kept.').waitFor(SOON)
    expect(await waiting.getByRole('timer').innerText()).toMatch(/^[12]:\d\d left$/)
    await waiting.getByRole('button', { name: 'Keep it' }).click()
    await waiting.waitFor({ state: 'hidden', ...SOON })
    expect((await served.ask('GET', '/confirmation')).body).toEqual({ confirmation: null })

    await page.getByRole('link', { name: /^10/ }).click()
    await page.getByRole('link', { name: 'Edit' }).click(SOON)
    await page.getByRole('textbox', { name: 'Name' }).fill('blue', SOON)
    await page.getByRole('button', { name: 'Show the plan' }).click()
    await dialog.getByRole('combobox', { name: 'Undo unless confirmed' }).selectOption('never', SOON)
    await dialog.getByRole('button', { name: 'Apply' }).click()
    await dialog.waitFor({ state: 'hidden', ...SOON })
    const { items } = (await served.ask('GET', '/vrfs')).body as Items
    expect(items.map(({ item }) => item)).toEqual([{ kind: 'vrf', id: 10, name: 'blue' }])

    await page.getByRole('button', { name: 'Delete' }).click(SOON)
    await dialog.getByRole('combobox', { name: 'Undo unless confirmed' }).selectOption('never', SOON)
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await page.getByText('There are no items here.').waitFor(SOON)

    await page.getByRole('status').getByRole('button', { name: 'Undo' }).last().click(SOON)
    await dialog.getByText('+id: 10').waitFor(SOON)
    await dialog.getByRole('button', { name: 'Undo' }).click(SOON)
    await row(page, 'Items', /^10/).getByText('Applied').waitFor(SOON)
    expect(watched.complaints).toEqual([])
  })

  it('what is wrong with a form is said beside the field, and nothing is lost', async () => {
    await using served = await serve()
    await using watched = await openPage(browser, `${served.url}/#items/neighbour?new=1`, {}, /400/)
    const { page } = watched
    await page.getByRole('textbox', { name: 'Interface' }).fill('lan', SOON)
    await page.getByRole('textbox', { name: 'Address' }).fill('192.0.2')
    await page.getByRole('textbox', { name: 'MAC' }).fill('02:00:00:00:00:09')
    await page.getByRole('button', { name: 'Show the plan' }).click()
    const dialog = page.getByRole('dialog')
    const address = page.getByRole('textbox', { name: 'Address' })
    await eventually(async () => (await address.getAttribute('aria-invalid')) === 'true')
    await page
      .getByText(/expected an IPv4 or IPv6 address/)
      .first()
      .waitFor(SOON)
    expect(await page.getByRole('textbox', { name: 'Interface' }).inputValue()).toBe('lan')
    await address.fill('192.0.2.9')
    await page.getByRole('button', { name: 'Show the plan' }).click()
    await dialog.getByRole('button', { name: 'Apply' }).click(SOON)
    await row(page, 'Items', /^lan\/192\.0\.2\.9/)
      .getByText('Waiting')
      .waitFor(SOON)
    expect(watched.complaints).toEqual([])
  })

  it('lists of objects and kinds of interfaces have forms too', async () => {
    await using served = await serve()
    await served.ask('POST', '/interfaces?wait=true', { type: 'loopback', name: 'lan' })
    await using watched = await openPage(browser, `${served.url}/#items/acl?new=1`)
    const { page } = watched
    await page.getByRole('textbox', { name: 'Name' }).fill('web', SOON)
    await page.getByRole('button', { name: 'Add rule' }).click()
    await page.getByRole('combobox', { name: 'Action' }).selectOption('permit')
    await page.getByRole('textbox', { name: 'Destination' }).first().fill('198.51.100.0/24')
    await page.getByRole('textbox', { name: 'Ingress, one a line' }).fill('lan')
    await page.getByRole('button', { name: 'Show the plan' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('combobox', { name: 'Undo unless confirmed' }).selectOption('never', SOON)
    await dialog.getByRole('button', { name: 'Apply' }).click()
    await row(page, 'Items', /^web/).getByText('Applied').waitFor(SOON)

    await page.goto(`${served.url}/#items/interface?new=1`)
    await page.getByRole('combobox', { name: 'Type' }).selectOption('vlan', SOON)
    await page.getByRole('textbox', { name: 'Name' }).fill('lan.7')
    await page.getByRole('textbox', { name: 'Parent' }).fill('lan')
    await page.getByLabel('VLAN').fill('7')
    await page.getByRole('button', { name: 'Show the plan' }).click()
    await dialog.getByRole('button', { name: 'Apply' }).click(SOON)
    await row(page, 'Items', /^lan\.7/).waitFor(SOON)
    const { items } = (await served.ask('GET', '/desired?search=lan.7')).body as Items
    expect(items[0]?.item).toMatchObject({ type: 'vlan', parent: 'lan', vlan: 7, addresses: [] })
    expect(watched.complaints).toEqual([])
  })

  it('an item of another origin is taken over only when the reader says so', async () => {
    await using served = await serve()
    await served.ask('PUT', '/desired?origin=site&wait=true', [{ kind: 'vrf', id: 7 }])
    await using watched = await openPage(browser, `${served.url}/#items/vrf/7?edit=1`, {}, /409/)
    const { page } = watched
    await page.getByRole('textbox', { name: 'Name' }).fill('red', SOON)
    await page.getByRole('button', { name: 'Show the plan' }).click()
    await page.getByText('vrf 7 is declared by site.').waitFor(SOON)
    await page
      .getByRole('dialog', { name: 'Change VRF 7' })
      .getByRole('button', { name: 'Apply' })
      .click(SOON)
    const question = page.getByRole('dialog', { name: 'Take it over?' })
    await question.getByRole('button', { name: 'Take over' }).click(SOON)
    await page.getByText('Also declared by').waitFor(SOON)
    expect((await served.ask('GET', '/conflicts')).body).toMatchObject({
      conflicts: [{ key: '7', origin: 'site', keeper: 'api' }],
    })
    expect(watched.complaints).toEqual([])
  })

  it('those that failed or wait are found from every view, in red or amber', async () => {
    await using served = await serve()
    served.vpp.on('create_loopback_instance', () => ({ retval: -1 }))
    await served.ask('POST', '/interfaces?wait=true', { type: 'loopback', name: 'lan' })
    await served.ask('POST', '/neighbours', {
      interface: 'wan',
      address: '192.0.2.9',
      mac: '02:00:00:00:00:09',
    })
    await using watched = await openPage(browser, served.url)
    const { page } = watched
    const card = page.getByRole('button', { name: /^one/ })
    await eventually(async () => (await card.locator('.tone-bad').count()) >= 2)
    expect(await card.locator('.tone-good').count()).toBe(0)
    await page.getByRole('link', { name: '1 failed' }).click(SOON)
    await row(page, 'Items', /^lan/).getByText('Failed').waitFor(SOON)
    await page.goto(`${served.url}/#items?state=waiting`)
    await row(page, 'Items', /^wan\/192/)
      .getByText('Waiting')
      .waitFor(SOON)
    expect(watched.complaints).toEqual([])
  })

  it('the history tells every change, and goes back', async () => {
    await using served = await serve()
    await served.ask('POST', '/vrfs?wait=true&author=anna', { id: 7, name: 'red' })
    await served.ask('POST', '/vrfs?wait=true&comment=by%20mistake', { id: 8 })
    await using watched = await openPage(browser, `${served.url}/#history`)
    const { page } = watched
    await page.getByText('2 revisions').waitFor(SOON)
    await row(page, 'Revisions, the latest first', /^1/).getByText('anna').waitFor(SOON)
    await page.getByRole('link', { name: /^2/ }).click()
    const difference = page.getByRole('region', { name: 'Difference' })
    await difference.getByText('+id: 8').waitFor(SOON)
    await page.getByRole('button', { name: 'Undo this and all later changes' }).click()
    const dialog = page.getByRole('dialog', { name: 'Undo revision 2?' })
    await dialog.getByText(/^- table 4\/8/).waitFor(SOON)
    await dialog.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('3 revisions').waitFor(SOON)
    await difference.getByText('-id: 8').waitFor(SOON)
    const { items } = (await served.ask('GET', '/vrfs')).body as Items
    expect(items.map(({ key }) => key)).toEqual(['7'])
    expect(watched.complaints).toEqual([])
  })

  it('a token that may only read sees all, without what changes something', async () => {
    await using folder = await temporaryFolder()
    const [writer, reader] = ['0123456789abcdef-writer', '0123456789abcdef-reader']
    writeFileSync(join(folder.path, 'writer'), writer)
    writeFileSync(join(folder.path, 'reader'), reader)
    await using served = await serve({
      rest: { 'token-file': join(folder.path, 'writer'), 'read-token-file': join(folder.path, 'reader') },
      headers: { authorization: `Bearer ${writer}` },
    })
    await served.ask('POST', '/vrfs?wait=true', { id: 7 })
    await using watched = await openPage(browser, `${served.url}/#items/vrf/7`, {}, /401/)
    const { page } = watched
    await page.getByLabel('Token of the agent').fill(reader, SOON)
    await page.keyboard.press('Enter')
    await page.getByText('read only').waitFor(SOON)
    await page.getByRole('region', { name: 'The item' }).getByText('id: 7').waitFor(SOON)
    for (const name of ['Add VRF', 'Delete']) {
      expect(await page.getByRole('button', { name }).count(), name).toBe(0)
    }
    expect(await page.getByRole('link', { name: 'Edit' }).count()).toBe(0)
    await page.evaluate('location.hash = "interfaces"')
    const admin = page.getByRole('switch', { name: 'local0 administratively up' })
    await admin.waitFor(SOON)
    expect(await admin.isDisabled()).toBe(true)
    expect(watched.complaints).toEqual([])
  })
})
