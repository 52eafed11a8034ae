import { describe, expect, it } from 'vitest'
import { IdlError } from './errors.ts'
import { importText } from './import-text.ts'

/** A file with every construct of the language. */
const SAMPLE = `option version = "1.2.3"; option beta; /* c */ import "base.api";
typedef u8 mac[6]; typedef vl_api_base_t other;
enum color : u8 { RED = 4, BLUE, LATE [backwards_compatible], };
enumflag bits { ONE = 0x1, TWO = 2, };
typedef pair { u16 a; vl_api_color_t c; }; // d
union any { u8 r[case=RED]; u16 b[case=BLUE]; vl_api_mac_t m[case=LATE]; };
typedef tagged { vl_api_color_t k; vl_api_any_t v[discriminator=k]; };
autoreply define poke { option deprecated; option vat_help = "poke it";
 u32 client_index; u32 context; bool on[default=true]; u8 n[default=false];
 f64 t[default=1.0]; string tag[16]; u16 cnt; vl_api_pair_t p[cnt]; };
define a_get { u32 context; }; define a_get_reply { u32 context; }; define a_details { string s[]; };
define b_dump { u32 x; }; define b_details { vl_api_tagged_t x; }; define e { u8 x[2]; };
define want { u32 on; }; define want_reply { i32 retval; };
service { rpc a_get returns a_get_reply stream a_details; rpc want returns want_reply events e; };
counters c { bad { severity error; type counter64; units "p"; description "d"; }; };
paths { "/err/c" "c"; };
`

const BASE = 'typedef base { u8 x; };'

/** Pieces that are likely to reach deep into the parser. */
const PIECES = SAMPLE.split(/(?<=[^A-Za-z_0-9"])|(?=[^A-Za-z_0-9"])/).concat([
  '"',
  '/*',
  '*/',
  '\\',
  '\0',
  'é',
  '😀',
  '-',
  '0X1',
  '1e9',
  '99999999999999999999',
  'false',
  'typeonly',
  '\r\n',
  'import "t.api";',
])

/** A small seeded generator (mulberry32), so that every run sees the same texts. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** Imports a text; true when it was accepted. Anything but an `IdlError` is passed on. */
function accepts(text: string): boolean {
  try {
    importText(
      new Map([
        ['base.api', BASE],
        ['t.api', text],
      ]),
    )
    return true
  } catch (error) {
    if (!(error instanceof IdlError) || error.diagnostics.length === 0) throw error
    return false
  }
}

/** Feeds texts and tells how many were accepted and how long the slowest one took, in milliseconds. */
function feed(count: number, next: (index: number) => string): { accepted: number; slowest: number } {
  let accepted = 0
  let slowest = 0
  for (let index = 0; index < count; index++) {
    const text = next(index)
    const start = performance.now()
    if (accepts(text)) accepted += 1
    slowest = Math.max(slowest, performance.now() - start)
  }
  return { accepted, slowest }
}

/** The whole suite is 100,000 texts; one text is far below a millisecond, a pause of the machine is not. */
const HANG_MS = 5_000

describe('importText', () => {
  it('accepts the sample itself', () => {
    expect(accepts(SAMPLE)).toBe(true)
  })

  it('refuses or accepts every truncation of the sample', () => {
    const { accepted, slowest } = feed(SAMPLE.length, (index) => SAMPLE.slice(0, index))
    expect(accepted).toBeGreaterThan(10)
    expect(accepted).toBeLessThan(SAMPLE.length / 2)
    expect(slowest).toBeLessThan(HANG_MS)
  })

  it('refuses or accepts 40,000 mutations of the sample', () => {
    const random = randomNumbers(1)
    const { accepted, slowest } = feed(40_000, () => {
      let text = SAMPLE
      for (let edits = 1 + random(3); edits > 0; edits--) {
        const start = random(text.length)
        const piece = random(3) === 0 ? '' : (PIECES[random(PIECES.length)] ?? '')
        text = text.slice(0, start) + piece + text.slice(start + random(4))
      }
      return text
    })
    expect(accepted).toBeGreaterThan(0)
    expect(accepted).toBeLessThan(40_000)
    expect(slowest).toBeLessThan(HANG_MS)
  }, 60_000)

  it('refuses or accepts 30,000 random sequences of tokens', () => {
    const random = randomNumbers(2)
    const { slowest } = feed(30_000, () =>
      Array.from({ length: random(40) }, () => PIECES[random(PIECES.length)] ?? '').join(
        random(2) === 0 ? ' ' : '',
      ),
    )
    expect(slowest).toBeLessThan(HANG_MS)
  }, 60_000)

  it('refuses or accepts 30,000 random texts', () => {
    const random = randomNumbers(3)
    const { slowest } = feed(30_000, () =>
      String.fromCharCode(
        ...Array.from({ length: random(60) }, () => random(random(4) === 0 ? 0x1_0000 : 0x80)),
      ),
    )
    expect(slowest).toBeLessThan(HANG_MS)
  }, 60_000)
})
