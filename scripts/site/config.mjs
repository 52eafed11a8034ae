import { readFileSync } from 'node:fs'

const settings = JSON.parse(readFileSync(new URL('settings.json', import.meta.url), 'utf8'))
const { guides, modules, packages, versions } = settings

const GROUPS = [
  [
    'Begin',
    [
      'getting-started',
      'without-vpp',
      'concepts',
      'compatibility',
      'migrating-from-govpp',
      'migrating-from-vpp-papi',
      'upgrading',
    ],
  ],
  [
    'Talk to VPP',
    ['values', 'errors', 'diagnostics', 'config', 'dynamic', 'http', 'cli', 'troubleshooting', 'tuning'],
  ],
  ['Bindings', ['generator', 'generator-plugins', 'importer', 'schema-tools', 'your-own-plugin']],
  ['Counters and packets', ['stats', 'memif']],
  ['Tests', ['simulator', 'testing']],
  ['Figures', ['benchmarks', 'benchmarks-stats', 'benchmarks-memif', 'benchmarks-agent']],
]
const AGENT = /^\/docs\/(agent|from-vppcfg|oper|dashboard|diagnosis|items)/

const titles = new Map(guides.map(({ path, title }) => [path, title]))
const grouped = new Set(GROUPS.flatMap(([, names]) => names.map((name) => `/docs/${name}`)))
const isDecision = ({ path }) => path.startsWith('/docs/decisions/')
const link = ({ path, title }) => ({ text: title, link: path })
const agent = guides.filter(({ path }) => AGENT.test(path))
const rest = guides.filter(
  (guide) =>
    guide.path.startsWith('/docs/') &&
    !grouped.has(guide.path) &&
    !AGENT.test(guide.path) &&
    !isDecision(guide),
)
const readmes = guides.filter(({ path }) => path.startsWith('/readme/'))
const sidebar = [
  ...GROUPS.map(([text, names]) => ({
    text,
    items: names.flatMap((name) => {
      const title = titles.get(`/docs/${name}`)
      return title === undefined ? [] : [{ text: title, link: `/docs/${name}` }]
    }),
  })),
  { text: 'The agent', items: agent.map(link) },
  { text: 'How it is made', collapsed: true, items: [...rest, ...guides.filter(isDecision)].map(link) },
]

export default {
  title: 'vpp-ts',
  description: 'The TypeScript way to talk to FD.io VPP',
  base: settings.base,
  outDir: settings.target,
  cleanUrls: false,
  lastUpdated: false,
  // Figures and examples name addresses of the reader's own machine.
  ignoreDeadLinks: [/^https?:\/\/(localhost|127\.0\.0\.1)/],
  // Tags in the text are meant as text.
  markdown: { html: false },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Guides', link: '/docs/getting-started' },
      { text: 'Packages', link: '/reference/' },
      { text: 'VPP’s API', link: '/modules/' },
      { text: 'Changes', link: '/changelog' },
      ...(versions.length === 0
        ? []
        : [
            {
              text: settings.version,
              items: versions.map((version) => ({
                text: version,
                link: `${settings.home}${version}/`,
                target: '_self',
              })),
            },
          ]),
    ],
    sidebar: {
      '/modules/': [
        {
          text: 'VPP’s API',
          link: '/modules/',
          items: modules.map((name) => ({ text: name, link: `/modules/${name}` })),
        },
      ],
      '/reference/': [
        {
          text: 'Packages',
          link: '/reference/',
          items: packages.map(({ name, path }) => ({ text: name, link: path })),
        },
        { text: 'Their READMEs', items: readmes.map(link) },
      ],
      '/': sidebar,
    },
  },
}
