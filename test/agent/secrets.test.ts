import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { EventReader } from './server-sent-events.ts'
import { Running } from './running.ts'

const SECRET = 'xyzzy-1'
const OTHER = 'xyzzy-2'
const FILED = 'xyzzy-3'

function memif(name: string, id: number, secret: string, rest: object = {}) {
  return { kind: 'interface', type: 'memif', name, role: 'master', id, secret, ...rest }
}

describe('secrets', () => {
  it('are in no answer, event, status, log, trace, metric or error', { timeout: 60_000 }, async () => {
    await using running = await Running.start({
      config: { log: { level: 'trace' } },
      instance: { watch: 'items' },
    })
    const texts: string[] = []
    const tell = async (method: string, path: string, body?: unknown): Promise<number> => {
      const { status, text, headers } = await running.ask(method, path, body)
      texts.push(text, JSON.stringify([...headers]))
      return status
    }
    const all = async (): Promise<void> => {
      const { paths } = (await running.ask('GET', '/openapi.json')).body as { paths: Record<string, object> }
      texts.push(JSON.stringify(paths))
      const plain = Object.entries(paths).filter(([, methods]) => 'get' in methods)
      for (const [path] of plain) {
        if (/\/(live|stream)$/.test(path)) continue
        for (const key of ['peer', '1', '2', '3'])
          await tell('GET', path.replace(/^\/api\/v1/, '').replace(/\{[^}]*\}/g, key))
      }
      texts.push(await (await fetch(`${running.metrics}/metrics`)).text())
    }
    await using events = await EventReader.open(`${running.url}/events`)
    const next = async (state: string): Promise<void> => {
      const found = await events.next(({ data }) => {
        texts.push(JSON.stringify(data))
        return JSON.stringify(data).includes(`"state":"${state}"`)
      })
      texts.push(JSON.stringify(found))
    }
    expect(await tell('PUT', '/interfaces/peer?wait=true', memif('peer', 1, SECRET))).toBe(201)
    await next('applied')
    await all()
    // Changed, refused, never answered, in conflict, of a wrong shape, too long.
    running.vpp.faults.add({ message: 'memif_create_v2', times: 1, effect: { kind: 'retval', retval: -1 } })
    await tell('PUT', '/interfaces/peer?wait=true', memif('peer', 1, OTHER))
    await next('failed')
    await all()
    running.vpp.faults.add({ message: 'memif_create_v2', times: 1, effect: { kind: 'disconnect' } })
    await tell('PUT', '/interfaces/peer?wait=true', memif('peer', 1, SECRET))
    expect(await tell('POST', '/desired', [memif('peer', 1, OTHER), memif('twin', 1, OTHER)])).toBeLessThan(
      300,
    )
    expect(await tell('PUT', '/interfaces/peer', memif('peer', 1, SECRET, { role: 'none' }))).toBe(400)
    expect(await tell('PUT', '/interfaces/peer', memif('peer', 1, OTHER.padEnd(40, 'x')))).toBe(400)
    expect(
      await tell('PUT', '/interfaces/peer', { ...memif('peer', 1, SECRET), secret: { is: SECRET } }),
    ).toBe(400)
    await tell('POST', '/desired?allOrNothing=true&timeout=500', [memif('thrice', 1, OTHER)])
    await tell('POST', '/revisions/1/rollback', {})
    // In files that are wrong in many ways.
    mkdirSync(join(running.folder, 'items'), { recursive: true })
    const file = (name: string, text: string): void => {
      writeFileSync(join(running.folder, 'items', name), text)
    }
    file('a.yaml', JSON.stringify([memif('filed', 7, FILED), memif('bad', 8, FILED, { moon: 1 })]))
    file('b.yaml', `- { secret: ${FILED}, kind: interface, [`)
    file('c.yaml', JSON.stringify([memif('filed', 9, FILED)]))
    await vi.waitFor(async () => {
      expect((await running.ask('GET', '/sources')).text).toContain('partial')
    }, 20_000)
    await all()
    await tell('DELETE', '/interfaces/peer?wait=true')
    await all()
    const written = [...texts, running.output].join('\n')
    expect(written).toContain('peer')
    expect(written).not.toContain('xyzzy')
  })
})
