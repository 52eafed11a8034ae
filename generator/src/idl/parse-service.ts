import type { CounterElement, CountersStatement, PathsStatement, Rpc, ServiceStatement } from './ast.ts'
import { SyntaxFailure, type TokenStream } from './token-stream.ts'

/** Explicit services, behind the word `service`; `at` is the offset of that word. */
export function parseService(stream: TokenStream, at: number): ServiceStatement {
  stream.expect('{', '"{" behind "service"')
  const rpcs = [parseRpc(stream)]
  while (!stream.accept('}')) rpcs.push(parseRpc(stream))
  stream.expect(';', '";" behind the closing brace of the service')
  return { kind: 'service', at, rpcs }
}

function parseRpc(stream: TokenStream): Rpc {
  stream.expect('rpc', '"rpc"')
  const { text: caller, at } = stream.expect('name', 'the name of the request')
  stream.expect('returns', `"returns" behind "${caller}"`)
  const rpc = { caller, at, ...parseReply(stream, caller) }
  stream.expect(';', `";" behind the rpc of "${caller}"`)
  return rpc
}

function parseReply(stream: TokenStream, caller: string): Omit<Rpc, 'caller' | 'at'> {
  const none = { reply: undefined, stream: false, streamMessage: undefined, events: [] }
  if (stream.accept('null')) return none
  if (stream.accept('stream')) {
    return { ...none, reply: stream.expect('name', 'the name of the streamed message').text, stream: true }
  }
  const { text: reply, at } = stream.expect('name', '"null", "stream" or the name of the reply')
  if (reply === caller) throw new SyntaxFailure(at, `"${caller}" cannot be its own reply`)
  if (stream.accept('stream')) {
    const streamMessage = stream.expect('name', 'the name of the streamed message').text
    return { ...none, reply, stream: true, streamMessage }
  }
  return { ...none, reply, events: stream.accept('events') ? parseEvents(stream) : [] }
}

/** Names, separated by blanks or a comma each. */
function parseEvents(stream: TokenStream): readonly string[] {
  const events: string[] = []
  do {
    events.push(stream.expect('name', 'the name of an event').text)
    stream.accept(',')
  } while (stream.current.kind !== ';')
  return events
}

/** A set of counters, behind the word `counters`. */
export function parseCounters(stream: TokenStream): CountersStatement {
  const { text: name, at } = stream.expect('name', 'the name of the counters')
  stream.expect('{', `"{" behind "${name}"`)
  const elements = [parseCounter(stream)]
  while (!stream.accept('}')) elements.push(parseCounter(stream))
  stream.expect(';', `";" behind the closing brace of "${name}"`)
  return { kind: 'counters', name, at, elements }
}

function parseCounter(stream: TokenStream): CounterElement {
  const { text: name, at } = stream.expect('name', 'the name of a counter')
  stream.expect('{', `"{" behind "${name}"`)
  const properties = new Map<string, string>()
  do {
    const property = stream.current
    const key = stream.acceptOneOf(['severity', 'type', 'units', 'description'])
    if (key === undefined) return stream.fail('"severity", "type", "units" or "description"')
    if (properties.has(key))
      throw new SyntaxFailure(property.at, `"${key}" of the counter "${name}" is given twice`)
    const kind = key === 'units' || key === 'description' ? 'text' : 'name'
    properties.set(key, stream.expect(kind, `the ${key} as a ${kind === 'name' ? 'word' : 'string'}`).text)
    stream.expect(';', `";" behind the ${key}`)
  } while (!stream.accept('}'))
  stream.expect(';', `";" behind the closing brace of "${name}"`)
  return { name, at, properties }
}

/** Paths in the stats segment, behind the word `paths`; `at` is the offset of that word. */
export function parsePaths(stream: TokenStream, at: number): PathsStatement {
  stream.expect('{', '"{" behind "paths"')
  const entries: { path: string; counter: string }[] = []
  do {
    const path = stream.expect('text', 'a path as a string').text
    const counter = stream.expect('text', 'the name of the counters as a string').text
    stream.expect(';', '";" behind the name of the counters')
    entries.push({ path, counter })
  } while (!stream.accept('}'))
  stream.expect(';', '";" behind the closing brace of the paths')
  return { kind: 'paths', at, entries }
}
