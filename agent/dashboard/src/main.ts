import type { LiveView } from './live-view.js'
import { AdminSwitch } from './admin-switch.ts'
import { Api } from './api.ts'
import { EventLog } from './event-log.ts'
import { EventsPanel } from './events-panel.ts'
import { FeedState } from './feed-state.ts'
import { Histories } from './histories.ts'
import { Instances } from './instances.ts'
import { InterfacesPanel } from './interfaces-panel.ts'
import { LiveStream } from './live-stream.ts'
import { NodesPanel } from './nodes-panel.ts'
import { OverviewPanel } from './overview-panel.ts'
import { Panels } from './panels.ts'
import { PlanPanel } from './plan-panel.ts'
import { RoutesPanel } from './routes-panel.ts'
import { Session } from './session.ts'
import { themeSwitch } from './theme.ts'

let shown = ''
const api = new Api(new Session())
const histories = new Histories()
const log = new EventLog(api, () => panels.refresh())
const adminSwitch = new AdminSwitch(api, () => shown)
const panels = new Panels([
  new OverviewPanel(histories, log),
  new InterfacesPanel(histories, adminSwitch),
  new RoutesPanel(api),
  new NodesPanel(),
  new EventsPanel(log),
  new PlanPanel(api),
])
const feed = new FeedState()
const instances = new Instances((name) => stream.follow(name))
const stream = new LiveStream(api, {
  view(live: LiveView) {
    feed.fresh()
    if (live.detail.name !== shown) adminSwitch.forget()
    shown = live.detail.name
    histories.take(live)
    instances.show(live)
    log.take(live)
    panels.show(live)
  },
  lost(reason) {
    feed.lost(reason)
    log.doubt()
  },
})

themeSwitch(() => panels.recolour())
stream.follow(undefined)
