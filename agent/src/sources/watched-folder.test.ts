import { createHook } from 'node:async_hooks'
import { tmpdir } from 'node:os'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import type { Instance } from '../instance/instance.ts'
import { WatchedFolder } from './watched-folder.ts'

it('leaves no watcher of the file system behind when it is closed at once', async () => {
  let watchers = 0
  const hook = createHook({ init: (_id, type) => void (type === 'FSEVENTWRAP' && watchers++) }).enable()
  const folder = new WatchedFolder(tmpdir(), { name: 'vpp0' } as Instance, pino({ level: 'silent' }))
  await folder.close()
  hook.disable()
  expect(watchers).toBe(0)
})
