import { VppConnection } from '@vpp-ts/runtime'
import { Simulator } from '@vpp-ts/simulator'
import { describe, expect, it } from 'vitest'
import { play } from './play.ts'
import { CHAPTERS } from './chapters.ts'
import { readTranscript, withSteps } from './transcript.ts'

describe('the simulator answers as VPP 26.06 did', () => {
  const transcript = readTranscript()

  it.each(Object.entries(CHAPTERS))('%s', async (chapter, steps) => {
    const recorded = transcript.get(chapter) ?? []
    expect(recorded.length).toBe(steps.length)
    await using simulator = await Simulator.start()
    await using vpp = await VppConnection.connect(simulator.path)
    const played = withSteps(chapter, await play(vpp, steps))
    const expected = withSteps(chapter, recorded)
    for (const [index, step] of played.entries()) expect(step).toEqual(expected[index])
  })
})
