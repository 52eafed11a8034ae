import { element, setText } from './dom.ts'
import type { JsonSchema } from './json-schema.ts'

/** Part of a form: what is given of one value. */
export interface FormField {
  readonly element: HTMLElement
  /** What is given; undefined: nothing. */
  value(): unknown
  /**
   * Says beside the field what is wrong.
   * @param path below the field, as `['0', 'nextHop']`
   */
  complain(path: readonly string[], message: string): void
  /** Takes back what was said. */
  settle(): void
  focus(): void
}

/** What a field is made with. */
export interface FieldOptions {
  readonly label: string
  readonly schema: JsonSchema
  readonly required: boolean
  /** What is there; undefined: nothing. */
  readonly value: unknown
}

let fields = 0

/** A name for an element that no other has. */
export function freshId(): string {
  return `field-${++fields}`
}

/** Label, hint and complaint of a field, around what is filled in. */
export class FieldFrame {
  readonly element: HTMLElement
  readonly id = freshId()
  readonly #problem = element('p', { class: 'problem', id: `${this.id}-problem`, hidden: true })

  /** @param control what is filled in: gets its id and its descriptions */
  constructor(control: HTMLElement, { label, schema, required }: FieldOptions) {
    const hint = hintOf(schema)
    control.id = this.id
    control.setAttribute('aria-describedby', `${this.id}-hint ${this.#problem.id}`)
    if (required) control.setAttribute('aria-required', 'true')
    this.element = element(
      'div',
      { class: 'form-field' },
      element(
        'label',
        { for: this.id },
        label,
        ...(required ? [] : [element('span', { class: 'optional' }, ' optional')]),
      ),
      control,
      element('p', { class: 'hint', id: `${this.id}-hint`, hidden: hint === '' }, hint),
      this.#problem,
    )
    this.#control = control
  }

  readonly #control: HTMLElement

  complain(message: string): void {
    this.#problem.hidden = false
    setText(this.#problem, message)
    this.#control.setAttribute('aria-invalid', 'true')
  }

  settle(): void {
    this.#problem.hidden = true
    setText(this.#problem, '')
    this.#control.removeAttribute('aria-invalid')
  }
}

/** What a field says of itself: its description, its range, what it is when it is left out. */
export function hintOf(schema: JsonSchema): string {
  const { description, minimum, maximum } = schema
  const standard = schema.default
  const parts = [
    ...(description === undefined ? [] : [description.replace(/\.$/, '').replaceAll('`', '')]),
    ...(minimum === undefined || maximum === undefined ? [] : [`${minimum} to ${maximum}`]),
    ...(isShown(standard) ? [`default ${String(standard)}`] : []),
  ]
  return parts.length === 0 ? '' : `${parts.join('; ')}.`
}

function isShown(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && value !== '')
}
