import {formatDuration} from '../core/base/duration.js'
import type {ProbeReport, ServiceHealth} from '../core/contract/status.js'
import type {Colour, Style} from './style.js'
import {tableLines, type Column} from './table.js'

interface Row {
  readonly service: ServiceHealth
  readonly probe: ProbeReport | undefined
}

/** The table of `harness health`: a line for each check, and one for a service without any. */
export function healthLines(services: readonly ServiceHealth[], style: Style): readonly string[] {
  const rows = services.flatMap((service): readonly Row[] =>
    service.probes.length === 0 ? [{service, probe: undefined}] : service.probes.map((probe) => ({service, probe})),
  )
  return tableLines(rows, columnsOf(style), style.dim)
}

/** 0 when something runs and no check fails, else 4. */
export function healthExit(services: readonly ServiceHealth[]): number {
  const isWell = ({verdict}: ServiceHealth): boolean => verdict === 'healthy' || verdict === 'unchecked'
  return services.length > 0 && services.every(isWell) ? 0 : 4
}

const colours: Readonly<Record<ServiceHealth['verdict'], Colour>> = {
  healthy: 'green',
  unhealthy: 'red',
  unchecked: 'dim',
  down: 'red',
}

function columnsOf(style: Style): readonly Column<Row>[] {
  return [
    {title: 'SERVICE', cell: ({service}) => ({text: service.name, paint: style.bold})},
    {title: 'CHECK', cell: ({probe}) => probe?.kind ?? ''},
    {
      title: 'RESULT',
      cell({service, probe}) {
        if (!probe) return {text: service.verdict, paint: style[colours[service.verdict]]}
        return probe.ok ? {text: 'ok', paint: style.green} : {text: 'failing', paint: style.red}
      },
    },
    {title: 'TOOK', cell: ({probe}) => (probe ? formatDuration(probe.durationMs) : '')},
    {title: 'MESSAGE', cell: ({service, probe}) => probe?.message ?? withoutProbe(service)},
  ]
}

function withoutProbe({verdict, state, reason}: ServiceHealth): string {
  if (verdict === 'unchecked') return 'it has no health check'
  return reason === null ? `it is ${state}` : `it is ${state}: ${reason}`
}
