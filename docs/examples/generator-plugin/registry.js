/**
 * A plugin for binapi-gen. It adds `deprecated.ts` to every module that has messages marked so, and one `registry.ts` with
 * the class of every message by name.
 *
 *   npx @vpp-ts/binapi-generator --plugin ./registry.js --output-dir src/binapi
 *
 * @type {import('@vpp-ts/binapi-generator').Plugin}
 */
export const plugin = {
  name: 'registry',

  module({ module, source, file }) {
    const names = module.messages
      .filter(({ status }) => status.deprecated)
      .map(({ wireName }) => `'${wireName}'`)
    if (names.length === 0) return
    const text = source(['deprecated'])
    text.doc(['Names of the messages that VPP wants to drop.'])
    text.assign('export const deprecated', { kind: 'array', items: names }, ' as const')
    file('deprecated.ts', text, true)
  },

  all({ model, nameOf, source, file }) {
    const text = source(['registry'])
    const messages = model.modules.flatMap((module) => module.messages)
    const entries = messages.map((message) => [message.wireName, nameOf(message, text)])
    text.doc(['Class of every message, by its name on the wire.'])
    text.assign('export const registry', { kind: 'object', entries }, ' as const')
    file('registry.ts', text)
  },
}
