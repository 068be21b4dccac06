import type {DaemonCensus} from '../core/protocol/methods.js'
import type {Style} from './style.js'
import {tableLines} from './table.js'

/** A census as people read it. */
export function censusLines({attempts, strays, bootId}: DaemonCensus, style: Style): readonly string[] {
  const believed = tableLines(
    attempts,
    [
      {title: 'NAME', cell: ({name}) => ({text: name, paint: style.bold})},
      {title: 'STACK', cell: ({stack}) => stack},
      {title: 'STATE', cell: ({state}) => state},
      {title: 'ATTEMPT', cell: ({attempt}) => String(attempt)},
      {title: 'PID', cell: ({pid}) => known(pid)},
      {title: 'SHIM', cell: ({shimPid}) => known(shimPid)},
      {title: 'START', cell: ({startTick}) => known(startTick)},
      {title: 'THERE', cell: ({alive, executor}) => (executor === 'process' ? (alive ? 'yes' : 'no') : '')},
      {title: 'RUN DIRECTORY', cell: ({runDirectory}) => runDirectory ?? ''},
    ],
    style.dim,
  )
  const found = tableLines(
    strays,
    [
      {title: 'STRAY', cell: ({pid}) => String(pid)},
      {title: 'PROGRAM', cell: ({program}) => program},
      {title: 'OF', cell: ({of}) => of?.name ?? ''},
      {title: 'INSTANCE', cell: ({instance}) => instance},
    ],
    style.dim,
  )
  return [
    `${style.dim('boot')}  ${bootId}`,
    '',
    ...(attempts.length === 0 ? ['Nothing is believed to run.'] : believed),
    ...(strays.length === 0 ? [] : ['', ...found]),
  ]
}

function known(value: number | null): string {
  return value === null ? '' : String(value)
}
