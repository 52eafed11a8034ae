import type { Api } from './api.ts'
import { byId } from './dom.ts'

/** Milliseconds until the agent is asked again when it did not answer. */
const PAUSE = 2000

/** The class of the page with a token that may only read. */
const READER = 'reader'

/** True with a token that may only read. */
export function isReader(): boolean {
  return document.documentElement.classList.contains(READER)
}

/**
 * Takes away what the reader's token does not allow: elements with `data-writes` are not shown. The agent refuses such
 * requests anyhow; this says so before.
 */
export async function showRole(api: Api): Promise<void> {
  for (;;) {
    try {
      const { role } = await api.get<{ role: 'operator' | 'reader' }>('/api/v1/info')
      const mayNotWrite = role === 'reader'
      document.documentElement.classList.toggle(READER, mayNotWrite)
      byId('role').hidden = !mayNotWrite
      return
    } catch {
      // The live feed says why the agent cannot be reached.
      await new Promise((resolve) => setTimeout(resolve, PAUSE))
    }
  }
}
