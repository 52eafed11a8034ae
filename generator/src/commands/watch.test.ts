import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { tempFolder } from '../testing/folder.ts'
import { watchPlaces } from './watch.ts'

it('does its work at once, after a change, and no more when it was told to stop', async () => {
  const folder = tempFolder({ 'a.api.json': '{}' })
  const controller = new AbortController()
  let runs = 0
  await watchPlaces(
    [folder],
    async () => {
      runs += 1
      if (runs === 1) writeFileSync(join(folder, 'a.api.json'), '{"x": 1}')
      else controller.abort()
    },
    controller.signal,
  )
  expect(runs).toBe(2)
  await expect(watchPlaces(['26.06'], async () => {})).rejects.toMatchObject({ code: 'BINAPI_USAGE' })
})
