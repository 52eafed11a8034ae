import * as everything from './index.ts'
import * as runtime from '@vpp-ts/runtime'
import { expect, it } from 'vitest'

it('has the whole runtime, and clients and enums beside it', () => {
  expect(everything).toMatchObject(runtime)
  expect(Object.keys(everything).length).toBeGreaterThan(Object.keys(runtime).length + 20)
  expect(everything.IfStatusFlags.IF_STATUS_API_FLAG_ADMIN_UP).toBe(1)
  expect(everything.NONE).toBe(0xffff_ffff)
})
