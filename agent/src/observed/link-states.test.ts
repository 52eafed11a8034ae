import { describe, expect, it } from 'vitest'
import { LinkStates } from './link-states.ts'

const ADMIN = 1
const LINK = 2
const BOTH = { adminUp: true, linkUp: true }

describe('states of links', () => {
  it('a link that comes up leaves the interface up', () => {
    const states = new LinkStates(() => ({ adminUp: true, linkUp: false }))
    expect(states.take(1, LINK)).toEqual(BOTH)
    expect(states.take(1, LINK)).toEqual(BOTH)
  })

  it('an interface that is set up has the link that it had', () => {
    const states = new LinkStates(() => ({ adminUp: false, linkUp: false }))
    expect(states.take(1, ADMIN)).toEqual({ adminUp: true, linkUp: false })
    expect(states.take(1, LINK)).toEqual(BOTH)
  })

  it('VPP is asked which of two went down, and which are up of an interface that is not known', () => {
    const states = new LinkStates((index) => (index === 1 ? BOTH : undefined))
    expect(states.take(1, 0)).toBeUndefined()
    states.set(1, { adminUp: true, linkUp: false })
    expect(states.take(1, 0)).toEqual({ adminUp: false, linkUp: false })
    expect(states.take(2, LINK)).toBeUndefined()
    expect(states.take(2, ADMIN | LINK)).toEqual(BOTH)
  })

  it('what has been deleted is not known any more', () => {
    const states = new LinkStates(() => undefined)
    states.set(1, BOTH)
    states.delete(1)
    expect(states.take(1, LINK)).toBeUndefined()
  })
})
