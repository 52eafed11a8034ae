/** Settles with the promise, or after that many milliseconds without it. The later outcome of the promise is not reported. */
export function within(promise: Promise<void>, milliseconds: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds)
    promise.then(resolve, reject).finally(() => {
      clearTimeout(timer)
    })
  })
}
