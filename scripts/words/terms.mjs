/** Words that read as translated, as patterns, and what a native engineer writes. Both sides of a word boundary are checked. */
export const TERMS = [
  ['anew', 'again'],
  ['mend', 'fix'],
  ['mends', 'fixes'],
  ['mended', 'fixed'],
  ['mending', 'fixing'],
  ["somebody else's", "another client's"],
  ['nobody knows', 'unknown'],
  ['belongs? into', 'belongs in'],
  ['takes? leave', 'disconnects cleanly'],
  ['c(?:omes?|ame) to nothing', 'fails'],
  ['(?:is|are) to have', 'must have'],
  ['stands? on', 'depends on'],
  ['no(?:body|-one) of', 'none of'],
  [
    String.raw`(?<!\bthere )\bis no (?!longer\b|more\b|less\b|such\b|different\b|better\b|worse\b|bigger\b|smaller\b|faster\b|slower\b|other\b)\w+`,
    'is not a',
  ],
]

/** Files whose words are not ours to choose, or quote what is. */
export const LEFT_OUT =
  /^(?:packages|api-json)\/|__snapshots__|^scripts\/words\/terms\.mjs$|^docs\/upgrades\/|\.transcript$|^CHANGELOG\.md$/
