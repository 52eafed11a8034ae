import { cp, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ItemInput } from '@vpp-ts/agent'
import { Simulator } from '@vpp-ts/simulator'
import { expect, it } from 'vitest'
import { items, managedAlone, temporaryFolder } from './managed.ts'

const DEFINITIONS = fileURLToPath(new URL('../../api-json/26.06/', import.meta.url))

it('an item that needs a plugin which VPP has not loaded is blocked, and names it', async () => {
  await using folder = await temporaryFolder()
  const apiDir = join(folder.path, 'api')
  await mkdir(apiDir)
  await cp(DEFINITIONS, apiDir, { recursive: true })
  await rm(join(apiDir, 'plugins', 'lcp.api.json'))
  await rm(join(apiDir, 'plugins', 'acl.api.json'))
  await using vpp = await Simulator.start({ apiDir })
  await using managed = await managedAlone(vpp.path)
  const { instance } = managed
  const shown: ItemInput = {
    kind: 'interface',
    type: 'loopback',
    name: 'shown',
    linuxCp: { hostName: 'shown' },
  }
  const plain: ItemInput = { kind: 'interface', type: 'loopback', name: 'plain' }
  const guard: ItemInput = { kind: 'acl', name: 'guard', rules: [{ action: 'deny' }], ingress: ['plain'] }
  await instance.put(items(shown, plain, guard))
  await instance.settled()
  const blocked = (plugin: string) => ({
    state: 'blocked',
    error: { code: 'PLUGIN_MISSING', message: expect.stringContaining(`${plugin}_plugin.so`) },
  })
  expect(instance.status({ kind: 'interface', key: 'shown' })).toMatchObject(blocked('linux_cp'))
  expect(instance.status({ kind: 'acl', key: 'guard' })).toMatchObject(blocked('acl'))
  // What protects the interface is not there, so it stays down.
  expect(instance.status({ kind: 'interface', key: 'plain' })).toMatchObject({ state: 'waiting' })
  expect(
    [...vpp.model.interfaces].filter(({ tag }) => tag.includes('/plain')).map(({ adminUp }) => adminUp),
  ).toEqual([false])
})
