import { existsSync } from 'node:fs'
import { GeneratorError } from '../errors.ts'

/** What can follow a place behind `#`: the options of GoVPP's references, and a checksum. */
export interface PlaceOptions {
  readonly format?: 'dir' | 'git' | 'tar' | 'zip'
  readonly branch?: string
  readonly tag?: string
  /** Any name or hash of a commit. */
  readonly ref?: string
  /** Commits that are fetched from a remote repository. */
  readonly depth?: number
  /** Folder below which everything is looked for, behind those that `strip` takes away. */
  readonly subdir?: string
  /** How many leading folders of an archive are left out. */
  readonly strip?: number
  /** Accepted as GoVPP has it; compression is recognised automatically. */
  readonly compression?: string
  /** SHA-256 of the file, 64 hex digits. */
  readonly sha256?: string
}

/** A place of definitions, taken apart. */
export interface Place {
  readonly path: string
  readonly options: PlaceOptions
}

const FORMATS = new Set(['dir', 'git', 'tar', 'zip'])
const COMPRESSIONS = new Set(['gzip', 'xz', 'zstd', 'none'])
const NUMBERS = new Set(['depth', 'strip'])
const RULES: Readonly<Record<keyof PlaceOptions, (value: string) => boolean>> = {
  format: (value) => FORMATS.has(value),
  branch: isRef,
  tag: isRef,
  ref: isRef,
  depth: (value) => /^[1-9]\d{0,5}$/.test(value),
  subdir: (value) => value !== '' && !value.startsWith('/') && !value.split('/').includes('..'),
  strip: (value) => /^\d{1,3}$/.test(value),
  compression: (value) => COMPRESSIONS.has(value),
  sha256: (value) => /^[0-9a-f]{64}$/.test(value),
}

/** What git takes as a name, and never as an option. */
function isRef(value: string): boolean {
  return /^[\w@][\w./@^~+-]*$/.test(value) && !value.includes('..')
}

/**
 * Takes `PATH#tag=v26.06,subdir=src` apart. A file whose name has a `#` stays as it is.
 * @throws GeneratorError `BINAPI_USAGE` for options that are unknown or contradict each other
 */
export function parsePlace(text: string): Place {
  const at = text.lastIndexOf('#')
  if (at === -1 || existsSync(text)) return { path: text, options: {} }
  const path = text.slice(0, at)
  const options: Record<string, string | number> = {}
  for (const item of text.slice(at + 1).split(',')) {
    const [name = '', ...rest] = item.split('=')
    const value = rest.join('=')
    if (!isOption(name)) {
      throw wrong(text, `unknown option "${name}"; known are ${Object.keys(RULES).join(', ')}`)
    }
    if (!RULES[name](value)) throw wrong(text, `"${value}" is not a value of ${name}`)
    options[name] = NUMBERS.has(name) ? Number(value) : value.replace(/\/+$/, '')
  }
  const commits = ['branch', 'tag', 'ref'].filter((name) => name in options)
  if (commits.length > 1) throw wrong(text, `give one of ${commits.join(' and ')}`)
  return { path: path === '' ? '.' : path, options }
}

function isOption(name: string): name is keyof PlaceOptions {
  return Object.hasOwn(RULES, name)
}

function wrong(place: string, reason: string): GeneratorError {
  return new GeneratorError('BINAPI_USAGE', `cannot read the place "${place}": ${reason}`)
}

/** True for options that only a git repository has. */
export function asksGit({ format, branch, tag, ref }: PlaceOptions): boolean {
  return format === 'git' || [branch, tag, ref].some((name) => name !== undefined)
}

/** True for what must be fetched first: a URL, or a repository by `git@host:path`. */
export function isRemote(path: string, options: PlaceOptions): boolean {
  return /^(?:https?|git|ssh|file):\/\//.test(path) || (asksGit(options) && /^[\w.-]+@[\w.-]+:/.test(path))
}
