/**
 * An iterator over the same elements in another form. Unlike an async generator it can be left at any time: `return`
 * does not wait for a `next` that is under way, and reaches the source even before the first `next`.
 */
export function mapped<T, U>(
  source: AsyncIterable<T>,
  convert: (element: T) => U,
): AsyncIterableIterator<U, undefined> {
  const inner = source[Symbol.asyncIterator]()
  const leave = async (): Promise<IteratorResult<U, undefined>> => {
    await inner.return?.()
    return { done: true, value: undefined }
  }
  const iterator: AsyncIterableIterator<U, undefined> = {
    next: async () => {
      const result = await inner.next()
      if (result.done === true) return { done: true, value: undefined }
      try {
        return { done: false, value: convert(result.value) }
      } catch (error) {
        await leave()
        throw error
      }
    },
    return: leave,
    [Symbol.asyncIterator]: () => iterator,
  }
  return iterator
}
