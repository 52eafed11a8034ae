import { check, format, resolveConfig } from 'prettier'

/** Text formatted with the project's prettier configuration, if the file was formatted with it before. */
export async function formatLike(path: string, before: string, after: string): Promise<string> {
  const config = await resolveConfig(path, { editorconfig: true })
  const options = { ...config, filepath: path }
  try {
    return (await check(before, options)) ? await format(after, options) : after
  } catch {
    // What prettier cannot read stays as it was written.
    return after
  }
}
