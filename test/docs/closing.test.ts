import type * as agent from '@vpp-ts/agent'
import type * as http from '@vpp-ts/http'
import type * as linux from '@vpp-ts/linux'
import type * as memif from '@vpp-ts/memif'
import type * as runtime from '@vpp-ts/runtime'
import type * as simulator from '@vpp-ts/simulator'
import type * as simulatedMemif from '@vpp-ts/simulator/memif'
import type * as simulatedStats from '@vpp-ts/simulator/stats'
import type * as simulatedVpp from '@vpp-ts/simulator/vpp'
import type * as stats from '@vpp-ts/stats'
import { expectTypeOf, it } from 'vitest'

type Closed<T> = T extends { close(...args: never[]): infer R } ? R : undefined

/** What is wrong with how instances of a class are closed: `never` when nothing is. */
type Wrong<T> = T extends AsyncDisposable
  ? Closed<T> extends Promise<void> | undefined
    ? never
    : 'await using, but close() gives no promise'
  : T extends Disposable
    ? Closed<T> extends Promise<unknown>
      ? 'using, but close() gives a promise'
      : never
    : Closed<T> extends Promise<void> | undefined
      ? never
      : 'close() that gives no promise, without using'

/** Functions have a prototype of type `any`. */
type IsAny<T> = 0 extends 1 & T ? true : false

/** Names of the classes of a module that break the rule. */
type Breaking<M> = {
  [K in keyof M]: M[K] extends { readonly prototype: infer T }
    ? IsAny<T> extends true
      ? never
      : [Wrong<T>] extends [never]
        ? never
        : K
    : never
}[keyof M]

it('what `await using` ends has a close() that gives a promise; what `using` ends has one that does not', () => {
  expectTypeOf<
    Breaking<Pick<typeof agent, 'Agent' | 'MetricsServer' | 'Telemetry' | 'VppInstance'>>
  >().toBeNever()
  expectTypeOf<Breaking<typeof http>>().toBeNever()
  expectTypeOf<Breaking<typeof linux>>().toBeNever()
  expectTypeOf<Breaking<typeof memif>>().toBeNever()
  expectTypeOf<Breaking<typeof runtime>>().toBeNever()
  expectTypeOf<Breaking<typeof simulator>>().toBeNever()
  expectTypeOf<Breaking<typeof simulatedMemif>>().toBeNever()
  expectTypeOf<Breaking<typeof simulatedStats>>().toBeNever()
  expectTypeOf<Breaking<typeof simulatedVpp>>().toBeNever()
  expectTypeOf<Breaking<typeof stats>>().toBeNever()
  expectTypeOf<Breaking<{ Bad: { prototype: { close(): void } & AsyncDisposable } }>>().toEqualTypeOf<'Bad'>()
})
