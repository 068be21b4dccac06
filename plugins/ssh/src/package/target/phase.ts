import {JsonFile} from '../../remote/json-file.js'
import type {HealthRecipe} from '../manifest.js'

/** How far a start of a package has come, in the run directory of the attempt: what a later daemon goes by. */
export interface Phase {
  /** `trial`: a new version runs, and may yet be taken back. `back`: it was, and what was there before runs in its place. */
  readonly is: 'back' | 'settled' | 'trial'
  readonly health?: SavedHealth
}

/** What a later daemon asks a program by. Variables are filled in, so that the file is as private as the environment. */
export interface SavedHealth {
  readonly recipe: HealthRecipe
  /** In which commands run. */
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
}

export const phaseFile = new JsonFile<Phase>('package')
