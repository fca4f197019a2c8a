/** Each copies the command beside it; where the browser forbids that, it selects it. */
export function copyButtons(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('.copy')) {
    const code = button.parentElement!.querySelector('code')!
    button.addEventListener('click', () => void copy(code).then((word) => show(button, word)))
  }
}

async function copy(code: HTMLElement): Promise<string> {
  try {
    await navigator.clipboard.writeText(code.textContent ?? '')
    return 'Copied'
  } catch {
    getSelection()?.selectAllChildren(code)
    return 'Selected'
  }
}

function show(button: HTMLButtonElement, word: string): void {
  button.textContent = word
  setTimeout(() => (button.textContent = 'Copy'), 1500)
}
