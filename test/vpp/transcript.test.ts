import { writeFileSync } from 'node:fs'
import { VppConnection } from '@vpp-ts/runtime'
import { describe, expect, it } from 'vitest'
import type { Answer } from '../simulator/play.ts'
import { play } from '../simulator/play.ts'
import { CHAPTERS } from '../simulator/steps.ts'
import { TRANSCRIPT, formatTranscript, readTranscript } from '../simulator/transcript.ts'
import { VppProcess, vppBinary, vppPlugins } from './real-vpp.ts'

/** Set to 1 to write the transcript anew, in place of comparing with it. */
const record = process.env['VPP_TS_RECORD'] === '1'

describe('the transcript that the simulator is held to', () => {
  it('is what VPP answers', async () => {
    if (vppBinary === undefined) expect.fail('needs VPP_BINARY, a VPP 26.06 to start')
    const played = new Map<string, Answer[]>()
    for (const [chapter, steps] of Object.entries(CHAPTERS)) {
      await using process = await VppProcess.start(vppBinary, vppPlugins)
      await using vpp = await VppConnection.connect(process.apiSocket)
      played.set(chapter, await play(vpp, steps))
    }
    if (record) writeFileSync(TRANSCRIPT, formatTranscript(played))
    expect(formatTranscript(played)).toBe(formatTranscript(readTranscript()))
  })
})
