/** What is wrong with one key of the file. */
export interface ConfigProblem {
  /** Key, or empty for the file as a whole. */
  readonly key: string
  /** What is wrong and what to do. */
  readonly message: string
}

/** A configuration file cannot be used. All that is wrong with it is in `problems`. */
export class ConfigError extends Error {
  readonly code = 'VPP_CONFIG'
  /** File, or what the text was called. */
  readonly file: string
  readonly problems: readonly ConfigProblem[]

  constructor(file: string, problems: readonly ConfigProblem[], options?: ErrorOptions) {
    const lines = problems.map(({ key, message }) => `${file}: ${key === '' ? '' : `${key}: `}${message}`)
    super(lines.join('\n'), options)
    this.name = 'ConfigError'
    this.file = file
    this.problems = problems
  }
}
