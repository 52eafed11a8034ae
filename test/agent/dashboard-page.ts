import { existsSync } from 'node:fs'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'

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
