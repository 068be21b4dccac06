import {existsSync} from 'node:fs'
import path from 'node:path'
import type {Diagnostic} from '../contract/diagnostic.js'
import type {StackDefinition} from '../contract/stack.js'
import {joinPath} from './node.js'
import {pointerTo} from './reading.js'

/** Watched files and folders that are not there. A build may still make them: a warning. Looks at the disk. */
export function checkWatchedPaths({services, directory}: StackDefinition): Diagnostic[] {
  return Object.entries(services).flatMap(([name, service]) =>
    service.watch.flatMap(({paths}, index) =>
      paths.flatMap((each, at): Diagnostic[] => {
        // A pattern among the paths is reported where it is read.
        if (each.includes('*') || existsSync(path.resolve(service.directory ?? directory, each))) return []
        return [
          {
            severity: 'warning',
            code: 'CONFIG_INVALID_VALUE',
            message: `${joinPath('services', name)}.watch names '${each}', which is not there.`,
            pointer: pointerTo(`${pointerTo('/services', name)}/watch/${index}/paths`, at),
            suggestion: 'write it as it is seen from the folder of the stack file',
          },
        ]
      }),
    ),
  )
}
