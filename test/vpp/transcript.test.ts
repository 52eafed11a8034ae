import { writeFileSync } from 'node:fs'
import { VppConnection } from '@vpp-ts/runtime'
import { describe, expect, it } from 'vitest'
import { CHAPTERS } from '../simulator/chapters.ts'
import { play } from '../simulator/play.ts'
import { TRANSCRIPT, formatTranscript, readTranscript, withSteps } from '../simulator/transcript.ts'
import { VppProcess, vppBinary, vppPlugins } from './real-vpp.ts'

/** Set to 1 to write the transcript again, in place of comparing with it; `-t` chooses chapters. */
const record = process.env['VPP_TS_RECORD'] === '1'

describe('the transcript that the simulator is held to is what VPP answers', () => {
  it.each(Object.entries(CHAPTERS))('%s', async (chapter, steps) => {
    if (vppBinary === undefined) expect.fail('needs VPP_BINARY, a VPP 26.06 to start')
    await using process = await VppProcess.start(vppBinary, vppPlugins)
    await using vpp = await VppConnection.connect(process.apiSocket)
    const answers = await play(vpp, steps)
    const known = readTranscript()
    if (record) writeFileSync(TRANSCRIPT, formatTranscript(new Map([...known, [chapter, answers]])))
    else expect(withSteps(chapter, answers)).toEqual(withSteps(chapter, known.get(chapter) ?? []))
  })
})
