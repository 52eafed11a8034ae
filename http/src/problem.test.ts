import {
  VppApiError,
  VppClosedError,
  VppConnectError,
  VppConnectionLostError,
  VppEncodeError,
  VppError,
  VppMessageUnavailableError,
  VppNotConnectedError,
  VppProtocolError,
  VppReplyTimeoutError,
} from '@vpp-ts/runtime'
import { describe, expect, it } from 'vitest'
import { VppHttpError } from './errors.ts'
import { failureOf } from './problem.ts'

const REFUSED = { messageName: 'poke', path: 'pairs[3].a', expected: 'a number', received: 'x' }

describe('an error of the runtime', () => {
  it.each([
    [new VppEncodeError(REFUSED), { status: 400, path: 'pairs[3].a' }],
    [new VppApiError(-2, 'poke', 1, {}), { status: 422, retval: -2, name: 'INVALID_SW_IF_INDEX' }],
    [new VppMessageUnavailableError('poke', '00000001', undefined), { status: 501 }],
    [new VppProtocolError('nonsense'), { status: 502 }],
    [new VppNotConnectedError('/run/vpp/api.sock'), { status: 503 }],
    [new VppConnectionLostError('/run/vpp/api.sock'), { status: 503 }],
    [new VppConnectError('VPP_SOCKET_MISSING', '/run/vpp/api.sock', 'no socket'), { status: 503 }],
    [new VppClosedError('the connection'), { status: 503 }],
    [new VppReplyTimeoutError('poke', 1, 20), { status: 504 }],
  ])('is a status of its own: %s', (error, expected) => {
    const { problem, headers, expected: isExpected } = failureOf(error)
    expect(problem).toMatchObject({ ...expected, code: error.code, detail: error.message })
    expect(isExpected).toBe(true)
    expect('retry-after' in headers).toBe(expected.status === 503)
  })
})

it.each([
  [new Error('secret')],
  [new VppError('VPP_INVALID_ARGUMENT', 'secret')],
  [new VppError('VPP_DESCRIPTOR', 'secret')],
  ['secret'],
])('any other is 500, and its text stays here: %s', (error) => {
  const { problem, expected } = failureOf(error)
  expect(problem).toMatchObject({ status: 500, title: 'Internal Server Error', code: 'HTTP_INTERNAL' })
  expect(JSON.stringify(problem)).not.toContain('secret')
  expect(expected).toBe(false)
})

it('an error of HTTP has its own status and headers', () => {
  const error = new VppHttpError('HTTP_METHOD', 'use POST', { headers: { allow: 'POST' } })
  expect(failureOf(error)).toMatchObject({
    problem: { status: 405, title: 'Method Not Allowed', code: 'HTTP_METHOD', detail: 'use POST' },
    headers: { allow: 'POST' },
  })
})
