import { expect, it } from 'vitest'
import { renderBindings } from '../generate.ts'
import { REPLY, REQUEST, apiJson } from '../testing/api-json.ts'
import { messageIn, modelOf, moduleIn } from '../testing/load.ts'
import { requiredProperties } from './required.ts'

const document = apiJson('m', {
  aliases: {
    interface_index: { type: 'u32' },
    port_index: { type: 'vl_api_interface_index_t' },
  },
  types: [
    ['path', ['vl_api_interface_index_t', 'sw_if_index'], ['u8', 'weight']],
    ['any', ['vl_api_interface_index_t', 'sw_if_index', { default: 4294967295 }]],
    ['holder', ['vl_api_path_t', 'path']],
  ],
  messages: [
    [
      'x',
      ...REQUEST,
      ['vl_api_interface_index_t', 'ifindex'],
      ['vl_api_port_index_t', 'port'],
      ['u32', 'rx_sw_if_index'],
      ['vl_api_holder_t', 'holder'],
      ['vl_api_any_t', 'any'],
      ['vl_api_interface_index_t', 'some', { default: 4294967295 }],
      ['u32', 'sw_if_index_mask'],
      ['u16', 'sw_if_index'],
      ['u8', 'n'],
      ['vl_api_path_t', 'paths', 0, 'n'],
    ],
    ['x_reply', ...REPLY, ['vl_api_interface_index_t', 'sw_if_index']],
    ['y', ...REQUEST],
    ['y_reply', ...REPLY],
  ],
  services: { x: { reply: 'x_reply' }, y: { reply: 'y_reply' } },
})

it('requires interface indexes without a default, and the structs that hold them', async () => {
  const module = moduleIn(await modelOf(document), 'm')
  expect(requiredProperties(messageIn(module, 'x').fields)).toEqual([
    'ifindex',
    'port',
    'rxSwIfIndex',
    'holder',
  ])
})

it('is said by the types of requests and structs, and by the methods, which then have no default', async () => {
  const files = await renderBindings(await modelOf(document))
  const text = (path: string) => files.find((file) => file.path === path)?.text
  expect(text('m/messages.ts')).toContain(
    "class X extends Message<X, 'ifindex' | 'port' | 'rxSwIfIndex' | 'holder'> {",
  )
  expect(text('m/messages.ts')).toContain("class Path extends Struct<Path, 'swIfIndex'> {")
  expect(text('m/messages.ts')).toContain('class Any extends Struct<Any> {')
  expect(text('m/messages.ts')).toContain('class XReply extends Message<XReply> {')
  expect(text('m/client.ts')).toContain('x(request: RequestOf<X>, options?: CallOptions)')
  expect(text('m/client.ts')).toContain('y(request: RequestOf<Y> = {}, options?: CallOptions)')
})
