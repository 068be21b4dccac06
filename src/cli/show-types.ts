import type {Interfaces} from '@oclif/core'
import {HarnessError} from '../core/base/errors.js'
import {silentLog} from '../core/base/log.js'
import {didYouMean} from '../core/config/suggest.js'
import type {Catalogue} from '../core/contract/catalogue.js'
import {pluginProblemLines} from './plugin-problem-lines.js'
import type {Terminal} from './terminal.js'
import {typeLines, typesTable} from './type-lines.js'

export interface TypesWish {
  readonly config: Interfaces.Config
  /** All when it is not given. */
  readonly type: string | undefined
}

/** `harness types`: what the plugins bring that the next daemon loads. */
export async function showTypes(terminal: Terminal, {config, type}: TypesWish): Promise<void> {
  const {loadCatalogue} = await import('./load-catalogue.js')
  const {types: all, problems} = await loadCatalogue(config, silentLog)
  const types = all.filter(({name}) => type === undefined || name === type)
  for (const problem of problems)
    for (const line of pluginProblemLines(problem, terminal.errorStyle)) terminal.warn(line)
  if (type !== undefined && types.length === 0) throw unknownType(type, all)
  if (terminal.json) terminal.data({types, problems})
  const lines = type === undefined ? typesTable(types, terminal.style) : typeLines(types, terminal.style)
  for (const line of lines) terminal.out(line)
}

function unknownType(type: string, all: Catalogue['types']): HarnessError {
  const near = didYouMean(
    type,
    all.map(({name}) => name),
  )
  const hint = near === undefined ? {} : {hint: near.replace(/^d/, 'D')}
  return new HarnessError('TYPE_UNKNOWN', {subject: type, ...hint})
}
