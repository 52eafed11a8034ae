import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Release of a folder of definitions: from `SOURCE.json`, the file `VPP_VERSION`, or the environment. */
export async function releaseOfFolder(folder: string): Promise<string | undefined> {
  return (
    releaseOfSource(await readIfPresent(join(folder, 'SOURCE.json'))) ??
    releaseOfVersion(await readIfPresent(join(folder, 'VPP_VERSION'))) ??
    releaseOfVersion(process.env['VPP_VERSION'])
  )
}

/** Release that the text of a `SOURCE.json` names. */
export function releaseOfSource(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  try {
    const { release } = JSON.parse(text) as { readonly release?: unknown }
    return typeof release === 'string' && release !== '' ? release : undefined
  } catch {
    return undefined
  }
}

/** A version as VPP writes it, such as `26.06-release` or `26.10-rc0~12-gabcdef`. */
export function releaseOfVersion(text: string | undefined): string | undefined {
  const version = text
    ?.trim()
    .replace(/^v/, '')
    .replace(/-release$/, '')
  return version === undefined || version === '' ? undefined : version
}

/** Release in the name of a tag or an archive: `v26.06`, `vpp_26.06-release_amd64.deb`, `vpp-26.10-rc0.tar.gz`. */
export function releaseOfTag(name: string): string | undefined {
  return /(?<![\d.])(\d\d\.\d\d(?:\.\d+)?(?:-rc\d+)?)(?!\d)/.exec(name)?.[1]
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    return undefined
  }
}
