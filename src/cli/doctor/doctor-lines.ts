import {printable} from '../../core/base/printable.js'
import type {Colour, Style} from '../style.js'
import type {Finding} from './finding.js'

const marks: Readonly<Record<Finding['status'], readonly [mark: string, colour: Colour]>> = {
  ok: ['✔', 'green'],
  warning: ['▲', 'yellow'],
  broken: ['✖', 'red'],
  skipped: ['-', 'dim'],
}

const nameWidth = 'certificate'.length

/** One line for each finding, with what to type below it, and a last line that sums up. */
export function doctorLines(findings: readonly Finding[], style: Style): readonly string[] {
  const lines = findings.flatMap(({name, status, message, fix}) => {
    const [mark, colour] = marks[status]
    const first = `${style[colour](mark)} ${style.bold(name.padEnd(nameWidth))}  ${printable(message)}`
    return fix === null ? [first] : [first, `  ${' '.repeat(nameWidth)}  ${style.dim('→')} ${printable(fix)}`]
  })
  return [...lines, '', summary(findings)]
}

function summary(findings: readonly Finding[]): string {
  const count = (status: Finding['status']): number => findings.filter((finding) => finding.status === status).length
  const broken = count('broken')
  const warnings = count('warning')
  if (broken === 0 && warnings === 0) return 'Everything works.'
  const could = warnings === 0 ? '' : `${warnings} could be better`
  if (broken === 0) return `Nothing is broken; ${could}.`
  return `${broken} ${broken === 1 ? 'thing is' : 'things are'} broken${could && `; ${could}`}.`
}
