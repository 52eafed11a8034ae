import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EventLog } from './event-log.ts'
import { ITEM_STATES, type ItemState } from './item-status.ts'
import { ItemStatuses } from './item-statuses.ts'

const KEYS = ['a', 'b', 'c', 'd', 'e']
const TROUBLES = ['failed', 'waiting', 'blocked', 'removing'] as const

type Known = { readonly state: ItemState; readonly untried: boolean }

const actions = fc.array(
  fc.record({
    type: fc.constantFrom('put', 'delete', 'applied', 'troubled', 'removed', 'forget'),
    key: fc.constantFrom(...KEYS),
    state: fc.constantFrom(...TROUBLES),
  }),
  { maxLength: 60 },
)

describe('statuses of items', () => {
  test('count and list what each item was told to be', () => {
    fc.assert(
      fc.property(actions, (list) => {
        const statuses = new ItemStatuses(new EventLog())
        const model = new Map<string, Known>()
        for (const { type, key, state } of list) {
          const ref = { kind: 'route', key }
          if (type === 'put') {
            statuses.declared([ref], () => true)
            model.set(key, { state: 'pending', untried: true })
          } else if (type === 'delete') {
            statuses.declared([ref], () => false)
            if (model.has(key)) model.set(key, { state: 'removing', untried: true })
          } else if (type === 'applied') {
            statuses.applied(ref)
            model.set(key, { state: 'applied', untried: false })
          } else if (type === 'troubled') {
            statuses.troubled(ref, { state, error: { code: 'X', message: 'no' }, attempts: 1 })
            model.set(key, { state, untried: false })
          } else if (type === 'removed') {
            statuses.removed(ref)
            model.delete(key)
          } else {
            statuses.forget()
            for (const [name, known] of model) {
              const isLeaving = known.state === 'removing'
              model.set(name, { state: isLeaving ? 'removing' : 'pending', untried: true })
            }
          }
          expectSame(statuses, model)
        }
      }),
    )
  })
})

function expectSame(statuses: ItemStatuses, model: ReadonlyMap<string, Known>): void {
  const counts = Object.fromEntries(ITEM_STATES.map((state) => [state, 0])) as Record<ItemState, number>
  for (const { state } of model.values()) counts[state]++
  expect(statuses.counts()).toEqual(counts)
  const states = statuses.list().map(({ key, state }) => [key, state])
  expect(new Map(states as [string, ItemState][])).toEqual(
    new Map([...model].map(([key, { state }]) => [key, state])),
  )
  const untried = [...model].filter(([, known]) => known.untried).map(([key]) => key)
  expect(statuses.untried).toBe(untried.length)
  const pending = [...statuses.pending()].flatMap((ref) => (ref === undefined ? [] : [ref.key]))
  expect(pending.toSorted()).toEqual(untried.toSorted())
  for (const key of KEYS) {
    expect(statuses.isUntried({ kind: 'route', key })).toBe(untried.includes(key))
    expect(statuses.get({ kind: 'route', key })?.state).toBe(model.get(key)?.state)
  }
  const problems = statuses.problems().map(({ key }) => key)
  const tried = [...model].filter(([, { state, untried: open }]) => !open && state !== 'applied')
  expect(problems.toSorted()).toEqual(tried.map(([key]) => key).toSorted())
}
