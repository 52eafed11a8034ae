import { VppApiError, VppError } from '@vpp-ts/runtime'
import { describe, expect, it } from 'vitest'
import { AgentError } from '../model/errors.ts'
import { InvalidItemError } from '../kinds/item.ts'
import { problemOf } from './problem.ts'
import { RequestError } from './request-error.ts'

describe('problem', () => {
  it('names the error of VPP', () => {
    expect(problemOf(new VppApiError(-56, 'create_vlan_subif', 1, {}))).toMatchObject({
      title: 'Unprocessable Entity',
      status: 422,
      code: 'VPP_API_ERROR',
      retval: -56,
      name: 'VLAN_ALREADY_EXISTS',
    })
  })

  it.each([
    [new VppError('VPP_NOT_CONNECTED', 'x'), 503, 'VPP_NOT_CONNECTED'],
    [new VppError('VPP_REPLY_TIMEOUT', 'x'), 504, 'VPP_REPLY_TIMEOUT'],
    [new AgentError('AGENT_UNKNOWN_INSTANCE', 'x'), 404, 'AGENT_UNKNOWN_INSTANCE'],
    [new AgentError('AGENT_NOT_LEADER', 'x'), 409, 'AGENT_NOT_LEADER'],
    [new AgentError('AGENT_STORE', 'x'), 503, 'AGENT_STORE'],
    [Object.assign(new Error('too long'), { statusCode: 413 }), 413, 'AGENT_BODY_TOO_LARGE'],
    [Object.assign(new Error('no JSON'), { statusCode: 400 }), 400, 'AGENT_REQUEST'],
  ])('%s', (error, status, code) => {
    expect(problemOf(error)).toMatchObject({ status, code, detail: error.message })
  })

  it('names every field that is wrong', () => {
    const problems = [{ field: 'prefix', message: 'expected a prefix' }]
    expect(problemOf(new InvalidItemError('item 3', problems))).toMatchObject({ status: 400, problems })
    expect(problemOf(new RequestError('AGENT_REQUEST', 'x', problems))).toMatchObject({
      status: 400,
      problems,
    })
  })

  it('tells nothing of a mistake in the agent', () => {
    for (const error of [
      new TypeError('secret'),
      new VppError('VPP_DESCRIPTOR', 'secret'),
      'secret',
      undefined,
    ]) {
      const problem = problemOf(error)
      expect(problem).toMatchObject({ status: 500, code: 'AGENT_INTERNAL' })
      expect(JSON.stringify(problem)).not.toContain('secret')
    }
  })
})
