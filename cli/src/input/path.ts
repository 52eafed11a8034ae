import { CliError } from '../errors.ts'

/** One step into a message: the name of a field, or an index. */
export type Step = string | number

/** Largest index of a list in a path: more than any message holds. */
const LARGEST_INDEX = 65_535

/**
 * Reads `route.paths[0].sw_if_index`.
 * @throws CliError when it is not a path
 */
export function parsePath(text: string): Step[] {
  const steps: Step[] = []
  const pattern = /(?:^|(?<=[\w\]])\.)([A-Za-z_]\w*)|\[(\d{1,5})\]/y
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex
    const match = pattern.exec(text)
    const [, name, index] = match ?? []
    if (match === null || (name === undefined && (at === 0 || Number(index) > LARGEST_INDEX))) {
      throw new CliError(
        'CLI_USAGE',
        `'${text}' is not a path to a field`,
        'write it as in route.paths[0].sw_if_index',
      )
    }
    steps.push(name ?? Number(index))
  }
  return steps
}

/** The path as text again. */
export function formatSteps(steps: readonly Step[]): string {
  return steps.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    return text === '' ? step : `${text}.${step}`
  }, '')
}
