import { createRequire } from 'node:module'
import { checkPlatform, unavailable } from './platform.ts'

/** What `native/watch.c` exports. */
interface WatchAddon {
  watch(fd: number, callback: () => void): object
  ref(watch: object): void
  unref(watch: object): void
  close(watch: object): void
}

/** One descriptor that Node's event loop watches. */
export interface LoopHandle {
  ref(): void
  unref(): void
  close(): void
}

let loaded: WatchAddon | undefined

/**
 * Has Node's event loop call back, again and again, while `fd` is readable; promise jobs run after each call. What
 * `callback` throws becomes an uncaught exception. When the thread ends with the watch open, `fd` is closed.
 */
export function watchReadable(fd: number, callback: () => void): LoopHandle {
  const addon = (loaded ??= load())
  const watch = addon.watch(fd, () => {
    try {
      callback()
    } catch (error) {
      // The addon takes a failed call for the end of the thread, so that none may leave here.
      queueMicrotask(() => {
        throw error
      })
    }
  })
  return {
    ref: () => addon.ref(watch),
    unref: () => addon.unref(watch),
    close: () => addon.close(watch),
  }
}

function load(): WatchAddon {
  checkPlatform()
  const file = `../prebuilt/${process.arch}.node`
  try {
    return createRequire(import.meta.url)(file) as WatchAddon
  } catch (cause) {
    throw unavailable(`${file} of @vpp-ts/linux cannot be loaded: install the package again`, cause)
  }
}
