import { GeneratorError } from '../errors.ts'
import { API_JSON, bySource, type Input, type InputFile } from '../schema/input.ts'
import { releaseOfVersion } from './release.ts'
import { textOf } from '../schema/text.ts'

/** Reads one definition, or an array of them; each must say which module it is. */
export function readDocuments(bytes: Uint8Array, label: string): Input {
  // VPP ends the text of get_api_json with a NUL byte.
  const text = textOf(bytes).replace(/\0+$/, '')
  const json = parse(text, label)
  const files = Array.isArray(json) ? json.map((item) => document(item, label)) : [document(json, label)]
  return { files: files.toSorted(bySource), release: releaseOfVersion(process.env['VPP_VERSION']), label }
}

function parse(text: string, label: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const reason = text.trim() === '' ? 'it is empty' : String(error)
    throw new GeneratorError(
      'BINAPI_INPUT',
      `"${label}" is neither an archive nor JSON: ${reason}; give a .tar.gz, .zip, .deb or ${API_JSON} file`,
      { cause: error },
    )
  }
}

function document(json: unknown, label: string): InputFile {
  const module = (json as { readonly module?: unknown } | null)?.module
  if (typeof module !== 'string' || !/^\w+$/.test(module)) {
    throw new GeneratorError(
      'BINAPI_INPUT',
      `"${label}" does not say which module it is (VPP does so since 26.06): name the file instead`,
    )
  }
  const source = `${module}${API_JSON}`
  return { source, file: `${label}:${source}`, bytes: Buffer.from(JSON.stringify(json)) }
}
