const keptCharacters = 2000
const shownLines = 3
const shownCharacters = 300

/** The end of what the current step of a build has printed: why it failed stands there. */
export class StepOutput {
  private text = ''

  add(line: string): void {
    if (line.startsWith('Step ')) this.text = ''
    else if (!/^\s*--->/.test(line)) this.text = (this.text + line).slice(-keptCharacters)
  }

  /** For the end of a sentence; empty where nothing was printed. */
  get last(): string {
    const lines = this.text.replaceAll(/\u001B\[[0-9;]*m/g, '').split('\n')
    const said = lines
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('Removing intermediate'))
    return said.length === 0 ? '' : `; it printed: ${said.slice(-shownLines).join(' / ').slice(-shownCharacters)}`
  }
}
