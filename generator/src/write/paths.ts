/** Folder in the output folder for what nobody commits: staged files, and what the last run has read. */
export const CACHE_FOLDER = '.cache'

/** True for a path below the output folder that cannot lead out of it. */
export function isSafePath(path: string): boolean {
  const parts = path.split('/')
  return !path.includes('\\') && parts.every((part) => part !== '' && part !== '.' && part !== '..')
}
