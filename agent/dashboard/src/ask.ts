import { byId, setText } from './dom.ts'

/** A question with two answers, "Cancel" and another. */
export interface Question {
  readonly title: string
  readonly words: string
  /** What is written on the button that goes on. */
  readonly yes: string
}

/** Asks before something is done. @returns true when the reader goes on */
export async function ask({ title, words, yes }: Question): Promise<boolean> {
  const dialog = byId('confirm-dialog', HTMLDialogElement)
  setText(byId('confirm-title'), title)
  setText(byId('confirm-words'), words)
  setText(byId('confirm-yes'), yes)
  dialog.returnValue = ''
  dialog.showModal()
  const ended = new AbortController()
  const { signal } = ended
  byId('confirm-yes').addEventListener('click', () => dialog.close('yes'), { signal })
  byId('confirm-no').addEventListener('click', () => dialog.close(), { signal })
  await new Promise((resolve) => dialog.addEventListener('close', resolve, { signal }))
  ended.abort()
  return dialog.returnValue === 'yes'
}
