import { existsSync, watch } from 'node:fs'
import { GeneratorError } from '../errors.ts'

/** Changes come in groups: this long after the last of them the work is done. */
const SETTLE_MS = 150

/**
 * Does some work, and again whenever one of some files or folders has changed; ends when the process is interrupted.
 * @throws GeneratorError `BINAPI_USAGE` when there is nothing on this machine to watch
 */
export async function watchPlaces(
  places: readonly string[],
  work: () => Promise<void>,
  signal: AbortSignal = interrupted(),
): Promise<void> {
  const present = places.filter((place) => existsSync(place))
  if (present.length === 0)
    throw new GeneratorError(
      'BINAPI_USAGE',
      '--watch needs an input that is a file or folder, or a configuration',
    )
  let running = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  const again = () => {
    clearTimeout(timer)
    timer = setTimeout(() => void (running = running.then(work)), SETTLE_MS)
  }
  const watchers = present.map((place) => watch(place, { recursive: true }, again))
  running = work()
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
  clearTimeout(timer)
  for (const watcher of watchers) watcher.close()
  await running
}

function interrupted(): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort())
  return controller.signal
}
