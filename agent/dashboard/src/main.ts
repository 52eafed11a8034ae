import type { LiveView } from './live-view.js'
import { AdminSwitch } from './admin-switch.ts'
import { Api } from './api.ts'
import { Confirmation } from './confirmation.ts'
import { DiagnosisPanel } from './diagnosis-panel.ts'
import { EventLog } from './event-log.ts'
import { EventsPanel } from './events-panel.ts'
import { FeedState } from './feed-state.ts'
import { Histories } from './histories.ts'
import { HistoryPanel } from './history-panel.ts'
import { Instances } from './instances.ts'
import { InterfacesPanel } from './interfaces-panel.ts'
import { ItemsPanel } from './items-panel.ts'
import { KindList } from './kinds.ts'
import { LiveStream } from './live-stream.ts'
import { NodesPanel } from './nodes-panel.ts'
import { OverviewPanel } from './overview-panel.ts'
import { Panels } from './panels.ts'
import { PlanPanel } from './plan-panel.ts'
import { ProposalDialog } from './proposal.ts'
import { showRole } from './role.ts'
import { RoutesPanel } from './routes-panel.ts'
import { Session } from './session.ts'
import { themeSwitch } from './theme.ts'
import { TopologyPanel } from './topology-panel.ts'

let shown = ''
const api = new Api(new Session())
const histories = new Histories()
const log = new EventLog(api, () => panels.refresh())
const adminSwitch = new AdminSwitch(api, () => shown)
const dialog = new ProposalDialog()
const panels = new Panels([
  new OverviewPanel(api, histories, log),
  new InterfacesPanel(api, histories, adminSwitch),
  new TopologyPanel(api),
  new ItemsPanel(api, new KindList(api), dialog),
  new RoutesPanel(api),
  new NodesPanel(),
  new DiagnosisPanel(api),
  new HistoryPanel(api, dialog),
  new EventsPanel(log),
  new PlanPanel(api),
])
const feed = new FeedState()
const confirmation = new Confirmation(api)
const instances = new Instances((name) => stream.follow(name))
const stream = new LiveStream(api, {
  view(live: LiveView) {
    feed.fresh()
    if (live.detail.name !== shown) adminSwitch.forget()
    shown = live.detail.name
    histories.take(live)
    instances.show(live)
    confirmation.show(live)
    log.take(live)
    panels.show(live)
  },
  lost(reason) {
    feed.lost(reason)
    log.doubt()
  },
})

themeSwitch(() => panels.recolour())
void showRole(api)
stream.follow(undefined)
