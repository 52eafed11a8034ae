import { beforeAll, describe, expect, test } from 'vitest'
import { build, run } from './child.ts'
import { engine } from './engines.ts'

const attempts = `
  const { EventFd, Reactor, SeqpacketSocket, createMemfd } = await import(process.argv.at(-1))
  for (const attempt of [() => new Reactor(), () => EventFd.create(), () => SeqpacketSocket.pair(), () => createMemfd('x', 1)]) {
    try {
      attempt()
      console.log('no error')
    } catch (error) {
      console.log(error.code)
    }
  }
`

beforeAll(() => build('linux'))

describe.each([
  ['bun', ['-e', attempts]],
  ['deno', ['eval', attempts]],
] as const)('%s', (name, args) => {
  const path = engine(name, name)
  const title = path === undefined ? `not installed in .cache/engines/${name}: not tried` : 'is installed'
  test.skipIf(path === undefined)(
    `${title}: every entry point is refused before any foreign call`,
    async () => {
      const { status, stdout, stderr } = await run(path!, [
        ...args,
        import.meta.resolve('../../linux/dist/index.js'),
      ])
      expect(stdout.trim().split('\n'), stderr).toEqual(Array.from({ length: 4 }, () => 'LINUX_UNAVAILABLE'))
      expect(status).toBe(0)
    },
  )
})
