import { describe, expect, it } from 'vitest'
import { importText } from './import-text.ts'
import { JsonFloat, printJson, type JsonTree } from './json-text.ts'

describe('printJson', () => {
  it('puts every item on its own line, four blanks deeper each level', () => {
    const tree = new Map<string, JsonTree>([
      ['list', ['a', 1, null]],
      ['none', []],
      ['empty', new Map()],
    ])
    expect(printJson(tree)).toBe(
      '{\n    "list": [\n        "a",\n        1,\n        null\n    ],\n    "none": [],\n    "empty": {}\n}\n',
    )
  })

  it('keeps the order of keys that look like numbers, and every other key', () => {
    const tree = new Map([
      ['2', 1],
      ['1', 2],
      ['__proto__', 3],
    ])
    expect(printJson(tree)).toBe('{\n    "2": 1,\n    "1": 2,\n    "__proto__": 3\n}\n')
  })

  it.each([
    ['plain', '"plain"'],
    ['a"b\\c', String.raw`"a\"b\\c"`],
    ['tab\tnl\nnul\0', String.raw`"tab\tnl\nnul\u0000"`],
    ['é', String.raw`"\u00e9"`],
    ['😀', String.raw`"\ud83d\ude00"`],
    ['\u007f ~', String.raw`"\u007f ~"`],
  ])('prints the text %j in ASCII', (text, printed) => {
    expect(printJson(text)).toBe(`${printed}\n`)
  })

  // Right-hand sides as Python 3.11 prints them.
  it.each([
    [1, '1.0'],
    [0, '0.0'],
    [-0, '-0.0'],
    [0.5, '0.5'],
    [-2.25, '-2.25'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [0.00012345, '0.00012345'],
    [1.5e-7, '1.5e-07'],
    [1e15, '1000000000000000.0'],
    [1e16, '1e+16'],
    [123456789012345680, '1.2345678901234568e+17'],
    [1.2345678901234568e22, '1.2345678901234568e+22'],
    [1e39, '1e+39'],
    [-1e-10, '-1e-10'],
  ])('prints the float %d as %s', (value, printed) => {
    expect(printJson(new JsonFloat(value))).toBe(`${printed}\n`)
  })

  it('prints integers of any size', () => {
    expect(printJson([1, -1, 0n, 0xffff_ffff_ffff_ffffn])).toBe(
      '[\n    1,\n    -1,\n    0,\n    18446744073709551615\n]\n',
    )
  })
})

/** The JSON of one file without line ends and indents. */
function compact(text: string): string {
  const [module] = importText(new Map([['demo.x.api', text]])).modules
  return module?.text.replaceAll(/\n */g, '') ?? ''
}

describe('the JSON of a module', () => {
  it('has its keys in the order of VPP', () => {
    expect(compact('option a;')).toBe(
      '{"module": "demo_x","types": [],"messages": [],"unions": [],"enums": [],"enumflags": [],"services": {},' +
        '"options": {"a": null},"aliases": {},"vl_api_version": "0xe8b7be43","imports": [],"counters": [],"paths": []}',
    )
  })

  it.each([
    ['option version = "1.2.3"; option beta;', '"options": {"version": "1.2.3","beta": null}'],
    ['option x = 1.0; option y = 1;', '"options": {"x": 1.0,"y": 1}'],
    ['option x = true; option y = false; option z = -0;', '"options": {"x": "true","y": false,"z": 0}'],
    ['option x = 0xffffffffffffffff;', '"options": {"x": 18446744073709551615}'],
    ['option x = 1; option y; option x;', '"options": {"x": null,"y": null}'],
    [
      'typedef u8 mac[6]; typedef u32 idx;',
      '"aliases": {"mac": {"type": "u8","length": 6},"idx": {"type": "u32"}}',
    ],
    ['typedef string s[];', '"aliases": {"s": {"type": "string","length": 0}}'],
    ['enum color : u8 { RED = 4, BLUE, };', '"enums": [["color",["RED",4],["BLUE",5],{"enumtype": "u8"}]]'],
    [
      'enumflag opt { OPT_A = 1, OPT_B = 2 [backwards_compatible], };',
      '"enumflags": [["opt",["OPT_A",1],["OPT_B",2],{"enumtype": "u32"}]]',
    ],
    ['/* pair */ typedef pair { u16 a; u8 b[2]; };', '"types": [["pair",["u16","a"],["u8","b",2]]]'],
    ['union any { u32 n; u8 raw[9]; };', '"unions": [["any",["u32","n"],["u8","raw",9]]]'],
    ['typedef t { u8 n; u8 x[n]; };', '["u8","x",0,"n"]'],
    ['typedef t { string x[]; };', '["t",["string","x",0]]'],
    [
      'typedef t { bool x[default=true, a b=word]; };',
      '["bool","x",{"default": "true","a": null,"b": "word"}]',
    ],
    [
      'counters c { bad { severity error; type counter64; units "packets"; description "bad ones"; }; };',
      '"counters": [{"name": "c","elements": [{"name": "bad","severity": "error","type": "counter64",' +
        '"units": "packets","description": "bad ones"}]}]',
    ],
    [
      'paths { "/err/c-in" "c"; "/err/c-out" "c"; };',
      '"paths": [[{"path": "/err/c-in","counter": "c"},{"path": "/err/c-out","counter": "c"}]]',
    ],
    ['paths { "/err/one" "c"; };', '"paths": [{"path": "/err/one","counter": "c"}]'],
  ])('%s', (text, json) => {
    expect(compact(text)).toContain(json)
  })

  it('contains no comment', () => {
    expect(compact('/** secret */ typedef t { u8 x; /* secret */ }; // secret')).not.toContain('secret')
  })
})
