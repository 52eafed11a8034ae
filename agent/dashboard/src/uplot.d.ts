// The agent serves uPlot's module beside this page's own: browsers do not find packages by name.
import uPlot from 'uplot'

// oxlint-disable-next-line import/no-default-export -- that is how uPlot exports it
export { uPlot as default }
