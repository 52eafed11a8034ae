import { describe, expect, it } from 'vitest'
import { loadSchema } from '../../input/load.ts'
import { bundled } from '../../testing/folder.ts'
import { historyOf, historyText } from './history.ts'

const schemas = await Promise.all(
  (['24.10', '25.02', '26.02', '26.06'] as const).map((release) => loadSchema({ input: bundled(release) })),
)

describe('historyOf', () => {
  it('tells when a message came, was deprecated and went', () => {
    expect(historyOf('af_xdp_create_v2', schemas)).toMatchObject({
      first: '24.10',
      deprecated: '24.10',
      gone: '25.02',
    })
    expect(historyOf('gre_tunnel_dump', schemas)).toMatchObject({
      first: '24.10',
      deprecated: '26.06',
      gone: undefined,
    })
    expect(historyOf('http_static_enable_v4', schemas)).toMatchObject({ first: '26.02' })
  })

  it('tells what has changed, and where a message is', () => {
    const { entries, fields } = historyOf('ip_punt_police', schemas)
    expect(entries.map(({ module }) => module)).toEqual(['ip', 'ip', 'ip', 'policer'])
    expect(entries.at(-1)?.changes).toContain('moved from module ip to policer')
    expect(fields).toContain('u32 policer_index')
    const [, , , ike] = historyOf('ikev2_set_ike_transforms', schemas).entries
    expect(ike?.changes).toEqual(['tr: type ikev2_ike_transforms has changed'])
  })

  it('prints a table', () => {
    const text = historyText(historyOf('avf_create', schemas))
    expect(text).toMatch(
      /^avf_create: first seen in 24\.10, .*gone since 26\.06\nRELEASE +MODULE +CRC +STATE/,
    )
    expect(text).toMatch(/^26\.06 +- +- +absent/m)
  })
})
