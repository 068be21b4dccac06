import type {Services} from '../postgres-services.js'
import {backup} from './backup.js'
import {createDatabaseAction} from './create-database.js'
import {reset} from './reset.js'
import {restore} from './restore.js'
import {runQuery} from './run-query.js'

/** By the names that they are called by. */
export function actions(services: Services) {
  return {
    backup: backup(services),
    'create-database': createDatabaseAction(services),
    reset: reset(services),
    restore: restore(services),
    'run-query': runQuery(services),
  } as const
}
