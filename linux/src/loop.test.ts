import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { EventFd } from './index.ts'
import { watchReadable } from './loop.ts'

const file = (path: string) => readFileSync(new URL(path, import.meta.url))

test('the prebuilt addons are those of the source', () => {
  const hash = createHash('sha256').update(file('../native/watch.c')).digest('hex')
  const names = readdirSync(new URL('../prebuilt', import.meta.url))
  expect(names.toSorted()).toEqual(['arm64.node', 'loong64.node', 'riscv64.node', 'x64.node'])
  for (const name of names)
    expect(file(`../prebuilt/${name}`).includes(hash), `${name}: build.mjs`).toBe(true)
  const loaded = createRequire(import.meta.url)(`../prebuilt/${process.arch}.node`) as { source: string }
  expect(loaded.source).toBe(hash)
})

test('what a callback throws is an uncaught exception, and the watch goes on', async () => {
  using event = EventFd.create()
  const before = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  const caught: unknown[] = []
  try {
    await new Promise<void>((resolve) => {
      process.on('uncaughtException', (error) => caught.push(error))
      let calls = 0
      const watch = watchReadable(event.fd.number, () => {
        if (++calls < 3) throw new Error(`call ${calls}`)
        watch.close()
        watch.close()
        resolve()
      })
      event.signal()
    })
  } finally {
    process.removeAllListeners('uncaughtException')
    for (const listener of before) process.on('uncaughtException', listener)
  }
  expect(caught).toEqual([new Error('call 1'), new Error('call 2')])
})

test('a descriptor that cannot be watched is refused', () => {
  expect(() => watchReadable(1_000_000, () => {})).toThrow(/bad file descriptor/)
})
