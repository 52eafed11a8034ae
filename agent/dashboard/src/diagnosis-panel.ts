import type { LiveError, LiveView } from './live-view.js'
import type { Api } from './api.ts'
import { element, setText } from './dom.ts'
import { counted, full, perSecond } from './format.ts'
import { messageOf, notify } from './notices.ts'
import type { Panel } from './panel.ts'
import { instancePath } from './paths.ts'
import { searchField } from './search-field.ts'
import { traceTree, type PacketTrace } from './trace-tree.ts'
import { text, VirtualTable } from './virtual-table.ts'

/** Milliseconds between looks at the error counters. */
const INTERVAL = 2000
/** Node whose packets are traced unless the reader says otherwise. */
const FIRST_NODE = 'virtio-input'

interface Tool {
  readonly allowed: boolean
  readonly busy: boolean
}

/** What an agent answers to a trace. */
interface Traced {
  readonly cleared: boolean
  readonly packets: readonly PacketTrace[]
}

/** Tools for a packet that does not arrive: its way through the graph, what nodes complain about, a capture. */
export class DiagnosisPanel implements Panel {
  readonly id = 'diagnosis'
  readonly label = 'Diagnosis'
  readonly element: HTMLElement
  readonly #api: Api
  readonly #traceForm = new ToolForm('Trace packets', 'Trace', [
    { id: 'trace-node', label: 'Input node', type: 'text', value: FIRST_NODE, list: 'trace-nodes' },
    { id: 'trace-packets', label: 'Maximum packets', type: 'number', value: '5', min: 1, max: 1000 },
    { id: 'trace-seconds', label: 'Seconds', type: 'number', value: '2', min: 1, max: 60 },
  ])
  readonly #captureForm = new ToolForm('Capture packets', 'Capture', [
    {
      id: 'pcap-interface',
      label: 'Interface',
      type: 'text',
      value: '',
      placeholder: 'all',
      list: 'pcap-interfaces',
    },
    { id: 'pcap-packets', label: 'Maximum packets', type: 'number', value: '1000', min: 1, max: 100_000 },
    { id: 'pcap-seconds', label: 'Seconds', type: 'number', value: '5', min: 1, max: 60 },
  ])
  readonly #nodes = element('datalist', { id: 'trace-nodes' })
  readonly #interfaces = element('datalist', { id: 'pcap-interfaces' })
  readonly #result = element('div', { class: 'trace-result', 'aria-live': 'polite' })
  readonly #errors = new VirtualTable<LiveError>({
    label: 'Error counters',
    key: ({ node, reason }) => `${node}/${reason}`,
    empty: 'No error has been counted.',
    columns: [
      { id: 'error-node', label: 'Node', heading: true, cell: text(({ node }) => node) },
      { id: 'reason', label: 'Reason', cell: text(({ reason }) => reason) },
      {
        id: 'rate',
        label: 'Rate',
        className: 'number',
        cell: text(({ perSecond: rate }) => perSecond(rate)),
      },
      { id: 'count', label: 'Count', className: 'number medium', cell: text(({ count }) => full(count)) },
    ],
  })
  #instance = ''
  #search = ''
  #names = ''
  #lookedAt = -Infinity

  constructor(api: Api) {
    this.#api = api
    this.#traceForm.onSubmit((fields) => this.#trace(fields))
    this.#captureForm.onSubmit((fields) => this.#capture(fields))
    const search = searchField('Search error counters', 'Node or reason', (words) => {
      this.#search = words
      void this.#look()
    })
    this.element = element(
      'div',
      { class: 'panel' },
      element('h2', {}, 'Packet trace'),
      this.#traceForm.element,
      this.#nodes,
      this.#result,
      element('h2', {}, 'Capture'),
      this.#captureForm.element,
      this.#interfaces,
      element('h2', {}, 'Error counters'),
      element('div', { class: 'tools' }, search),
      this.#errors.element,
    )
  }

  show({ detail }: LiveView): void {
    if (detail.name !== this.#instance) {
      this.#instance = detail.name
      this.#result.replaceChildren()
      void this.#allowed()
    }
    const nodes = detail.nodes.map(({ name }) => name).filter((name) => name.endsWith('-input'))
    const interfaces = detail.interfaces.map(({ name }) => name)
    const names = JSON.stringify([nodes, interfaces])
    if (names !== this.#names) {
      this.#names = names
      this.#nodes.replaceChildren(...nodes.map((value) => element('option', { value })))
      this.#interfaces.replaceChildren(...interfaces.map((value) => element('option', { value })))
    }
    if (performance.now() - this.#lookedAt > INTERVAL) void this.#look()
  }

  opened(): void {
    if (this.#instance === '') return
    void this.#allowed()
    void this.#look()
  }

  /** Says which tools the configuration allows. */
  async #allowed(): Promise<void> {
    try {
      const { trace, pcap } = await this.#api.get<{ trace: Tool; pcap: Tool }>(
        instancePath(this.#instance, 'diagnosis'),
      )
      this.#traceForm.allow(trace.allowed, 'Off: set rest.diagnosis.trace in the configuration of the agent.')
      this.#captureForm.allow(pcap.allowed, 'Off: set rest.diagnosis.pcap in the configuration of the agent.')
    } catch (error) {
      notify(messageOf(error), 'bad')
    }
  }

  async #look(): Promise<void> {
    this.#lookedAt = performance.now()
    try {
      const path = instancePath(this.#instance, 'diagnosis', 'errors')
      const { errors } = await this.#api.get<{ errors: LiveError[] }>(path, { search: this.#search })
      this.#errors.empty = 'No error has been counted.'
      this.#errors.show(errors)
    } catch (error) {
      this.#errors.empty = messageOf(error)
      this.#errors.show([])
    }
  }

  async #trace(fields: readonly string[]): Promise<string> {
    const [node, packets, seconds] = fields
    const body = { node, packets: Number(packets), seconds: Number(seconds) }
    const { packets: traced, cleared } = await this.#api.post<Traced>(
      instancePath(this.#instance, 'diagnosis', 'trace'),
      body,
    )
    this.#result.replaceChildren(traceTree(traced))
    const what =
      traced.length === 0 ? 'No packets arrived there.' : `${counted(traced.length, 'packet')} traced.`
    return cleared ? what : `${what} Another client is tracing too: the buffer of VPP was not cleared.`
  }

  async #capture(fields: readonly string[]): Promise<string> {
    const [name = '', packets, seconds] = fields
    const body = {
      ...(name === '' ? {} : { interface: name }),
      packets: Number(packets),
      seconds: Number(seconds),
    }
    const file = await this.#api.download(instancePath(this.#instance, 'diagnosis', 'pcap'), body)
    const href = URL.createObjectURL(file)
    const link = element('a', { href, download: `${this.#instance}.pcap` })
    link.click()
    URL.revokeObjectURL(href)
    return `${full(file.size)} bytes saved as ${this.#instance}.pcap.`
  }
}

/** A field of a tool. */
interface ToolField {
  readonly id: string
  readonly label: string
  readonly type: 'text' | 'number'
  readonly value: string
  readonly placeholder?: string
  readonly min?: number
  readonly max?: number
  /** Id of a list of values to choose from. */
  readonly list?: string
}

/** Fields with a button that starts a timed task, and its result. */
class ToolForm {
  readonly element: HTMLFormElement
  readonly #inputs: readonly HTMLInputElement[]
  readonly #button: HTMLButtonElement
  readonly #words = element('p', { class: 'count', role: 'status' })
  #isAllowed = false

  /** @param label what it is called by a screen reader */
  constructor(label: string, action: string, fields: readonly ToolField[]) {
    this.#button = element('button', { type: 'submit', class: 'button primary', disabled: true }, action)
    this.#inputs = fields.map(({ label: _label, ...attributes }) =>
      element('input', { ...attributes, spellcheck: 'false', autocomplete: 'off' }),
    )
    const all = fields.map(({ id, label: words }, at) =>
      element('div', { class: 'field' }, element('label', { for: id }, words), this.#inputs[at] ?? ''),
    )
    this.element = element('form', { class: 'tools', 'aria-label': label }, ...all, this.#button, this.#words)
  }

  /** @param reason why it is not allowed */
  allow(isAllowed: boolean, reason: string): void {
    this.#isAllowed = isAllowed
    this.#button.disabled = !isAllowed
    if (!isAllowed) setText(this.#words, reason)
  }

  /** @param work takes the values of the fields, and returns the outcome in words */
  onSubmit(work: (fields: readonly string[]) => Promise<string>): void {
    this.element.addEventListener('submit', (event) => {
      event.preventDefault()
      void this.#run(work)
    })
  }

  async #run(work: (fields: readonly string[]) => Promise<string>): Promise<void> {
    this.#button.disabled = true
    setText(this.#words, 'Waiting for packets…')
    try {
      setText(this.#words, await work(this.#inputs.map(({ value }) => value.trim())))
    } catch (error) {
      setText(this.#words, messageOf(error))
    } finally {
      this.#button.disabled = !this.#isAllowed
    }
  }
}
