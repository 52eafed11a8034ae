/** An event of a stream. */
export interface StreamEvent {
  readonly type: string
  readonly id: string | undefined
  /** From JSON. */
  readonly data: unknown
}

/** Reads server-sent events from text that comes in any pieces. */
export async function* readEvents(text: AsyncIterable<string>): AsyncGenerator<StreamEvent, void> {
  let rest = ''
  for await (const piece of text) {
    const blocks = (rest + piece).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const fields = new Map<string, string>()
      for (const line of block.split('\n')) {
        const at = line.indexOf(': ')
        if (at > 0) fields.set(line.slice(0, at), line.slice(at + 2))
      }
      const data = fields.get('data')
      if (data === undefined) continue
      yield {
        type: fields.get('event') ?? 'message',
        id: fields.get('id'),
        data: JSON.parse(data) as unknown,
      }
    }
  }
}
