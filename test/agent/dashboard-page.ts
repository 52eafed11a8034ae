import { existsSync } from 'node:fs'
import { chromium, type Browser, type BrowserContextOptions, type Locator, type Page } from 'playwright-core'
import { expect } from 'vitest'

const BINARY = '/usr/bin/chromium'

/** True where Debian's `chromium` is installed. */
export const hasChromium = existsSync(BINARY)
if (!hasChromium) console.info(`${BINARY} is not there (Debian package chromium): the dashboard is not tried`)

/** Starts Chromium without a window. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: BINARY, args: ['--no-sandbox'] })
}

/** A page, and what must not have happened on it. */
export interface WatchedPage extends AsyncDisposable {
  readonly page: Page
  /** Errors and warnings of the console, exceptions, requests that failed or went elsewhere. */
  readonly complaints: string[]
}

/**
 * Opens a page of its own profile.
 * @param expected complaints that belong to the test, such as of an answer 401
 */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
  expected = /^$/,
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  const complain = (text: string): void => {
    if (!expected.test(text)) complaints.push(text)
  }
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complain(message.text())
  })
  page.on('pageerror', (error) => complain(String(error)))
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin) complain(`request to ${request.url()}`)
  })
  await page.goto(url)
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() }
}

/** Milliseconds for what comes with the next view of the live feed, on a machine that has other things to do. */
export const SOON = { timeout: 20_000 }

/** The link to a view. */
export function tab(page: Page, name: string): Locator {
  return page.getByRole('navigation').getByRole('link', { name })
}

/** Waits until a view is the one that is shown. */
export async function opened(page: Page, name: string): Promise<void> {
  await eventually(async () => (await tab(page, name).getAttribute('aria-current')) === 'page')
}

/** Waits until the agent has told what the open view shows. */
export async function loaded(page: Page): Promise<void> {
  await eventually(async () => (await page.locator('.empty:visible', { hasText: 'Loading …' }).count()) === 0)
}

/** Rows of a table by the name in front. */
export function row(page: Page, table: string, name: string | RegExp): Locator {
  const rows = page.getByRole('table', { name: table }).getByRole('row')
  return rows.filter({ has: page.getByRole('rowheader', { name }) })
}

/** Waits until a check of the page holds. */
export async function eventually(check: () => Promise<boolean>): Promise<void> {
  await expect.poll(check, SOON).toBe(true)
}

/** Text of what has the focus. */
export async function focused(page: Page): Promise<string> {
  return String(await page.evaluate('document.activeElement.textContent.trim()'))
}
