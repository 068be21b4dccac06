import type {Note} from './converted.js'

/** Collects what is not the same afterwards. */
export class Notes {
  private readonly found = new Map<string, Note>()

  add(path: string, message: string, about?: string): void {
    const note = {path, message, ...(about === undefined ? {} : {about})}
    this.found.set(JSON.stringify(note), note)
  }

  all(): readonly Note[] {
    return [...this.found.values()]
  }
}
