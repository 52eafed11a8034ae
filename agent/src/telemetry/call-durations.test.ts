import { channel } from 'node:diagnostics_channel'
import { VppError } from '@vpp-ts/runtime'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CallDurations } from './call-durations.ts'
import { textOf } from './family.ts'

const done = channel('vpp-ts:request:done')
const failed = channel('vpp-ts:request:failed')
const instances = [{ name: 'one', connection: { target: '/one/api.sock' } }]

describe('durations of calls', () => {
  let durations: CallDurations
  const text = () => textOf(durations.family())
  beforeEach(() => {
    durations = new CallDurations(instances)
  })
  afterEach(() => durations.close())

  it('count in the bucket of the next higher bound and in all above it', () => {
    for (const duration of [0.5, 0.6, 1, 10_001]) {
      done.publish({ target: '/one/api.sock', message: 'show_version', context: 1, duration })
    }
    const labels = 'instance_name="one",message="show_version",outcome="ok"'
    const bucket = (le: string) => `vpp_api_call_duration_seconds_bucket{${labels},le="${le}"}`
    expect(text()).toContain(`${bucket('0.0005')} 1\n${bucket('0.001')} 3\n${bucket('0.0025')} 3\n`)
    expect(text()).toContain(`${bucket('10')} 3\n${bucket('+Inf')} 4\n`)
    expect(text()).toContain(`_sum{${labels}} 10.0031\n`)
    expect(text()).toContain(`_count{${labels}} 4\n`)
  })

  it('are told apart by the code of the error; what has no code of ours is one outcome', () => {
    const errors = [
      new VppError('VPP_REPLY_TIMEOUT', 'late'),
      new Error('a'),
      new DOMException('b', 'AbortError'),
      'c',
    ]
    for (const error of errors) {
      failed.publish({ target: '/one/api.sock', message: 'show_version', context: 1, duration: 1, error })
    }
    expect(text()).toContain(
      '_count{instance_name="one",message="show_version",outcome="VPP_REPLY_TIMEOUT"} 1\n',
    )
    expect(text()).toContain('_count{instance_name="one",message="show_version",outcome="other"} 3\n')
  })

  it('have a bounded number of series', () => {
    for (let i = 0; i < 1000; i++) {
      done.publish({ target: '/one/api.sock', message: `message_${i}`, context: 1, duration: 1 })
    }
    expect(text().match(/_count\{/g)).toHaveLength(101)
    expect(text()).toContain('_count{instance_name="one",message="other",outcome="ok"} 900\n')
  })

  it('of other connections, and after closing, are not counted', async () => {
    done.publish({ target: '/two/api.sock', message: 'show_version', context: 1, duration: 1 })
    await durations.close()
    done.publish({ target: '/one/api.sock', message: 'show_version', context: 1, duration: 1 })
    expect(text()).toBe('')
  })
})
