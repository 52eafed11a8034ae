import type { FastifyRequest } from 'fastify'
import { describe, expect, it } from 'vitest'
import { Guard } from './guard.ts'

const TOKEN = '0123456789abcdef'

function request(headers: Record<string, string>, config: object = {}): FastifyRequest {
  return {
    headers: { host: '127.0.0.1:1', ...headers },
    routeOptions: { config },
  } as unknown as FastifyRequest
}

function codeOf(guard: Guard, headers: Record<string, string>, config?: object): string | undefined {
  try {
    guard.check(request(headers, config))
    return undefined
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('guard', () => {
  it('takes the names that the server has, however they are written', () => {
    const guard = new Guard(undefined, ['VPP.example.net'])
    for (const host of ['localhost', 'LOCALHOST:80', '10.0.0.1', '[::1]:80', 'vpp.EXAMPLE.net:9']) {
      expect([host, codeOf(guard, { host })]).toEqual([host, undefined])
    }
    for (const host of ['', 'example.net', 'vpp.example.net.', 'a.vpp.example.net', 'localhost.example']) {
      expect([host, codeOf(guard, { host })]).toEqual([host, 'AGENT_HOST'])
    }
  })

  it('asks for the whole token, and only the token', () => {
    const guard = new Guard(TOKEN, [])
    expect(codeOf(guard, { authorization: `Bearer ${TOKEN}` })).toBeUndefined()
    expect(codeOf(guard, { authorization: `bearer  ${TOKEN} ` })).toBeUndefined()
    for (const wrong of ['', TOKEN, `Bearer ${TOKEN}0`, `Bearer ${TOKEN.slice(1)}`, `Bearer a ${TOKEN}`]) {
      expect([wrong, codeOf(guard, { authorization: wrong })]).toEqual([wrong, 'AGENT_UNAUTHORIZED'])
    }
  })

  it('lets everybody read what is public, by the right name', () => {
    const guard = new Guard(TOKEN, [])
    expect(codeOf(guard, { 'sec-fetch-site': 'cross-site' }, { public: true })).toBeUndefined()
    expect(codeOf(guard, { host: 'evil.example' }, { public: true })).toBe('AGENT_HOST')
  })

  it('refuses pages of others before it looks at the token', () => {
    const guard = new Guard(TOKEN, [])
    expect(codeOf(guard, { origin: 'https://127.0.0.1:1' })).toBe('AGENT_UNAUTHORIZED')
    for (const origin of ['https://evil.example', 'null', '', 'http://127.0.0.1:2', '//127.0.0.1:1']) {
      expect([origin, codeOf(guard, { origin })]).toEqual([origin, 'AGENT_FORBIDDEN'])
    }
  })

  it('is not made with a token that could be guessed', () => {
    expect(() => new Guard('short', [])).toThrow(/5 characters; use 16/)
  })
})
