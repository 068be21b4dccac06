import {connect} from 'node:net'
import {abortReason} from '../../base/clock.js'
import type {ProbeCheck} from '../../contract/probe.js'
import type {ProbeResult} from '../probe-result.js'
import {connectionProblem} from './connection-problem.js'

type TcpCheck = Extract<ProbeCheck, {kind: 'tcp'}>

/** Connects once and hangs up. */
export async function probeTcp(check: TcpCheck, signal: AbortSignal): Promise<ProbeResult> {
  const shown = `tcp ${check.host}:${check.port}`
  const port = Number(check.port)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    return {ok: false, message: `${shown}: expected a port from 1 to 65535`}
  }
  try {
    await canConnect(check.host, port, signal)
    return {ok: true, message: `${shown} accepts connections`}
  } catch (error) {
    if (signal.aborted) throw abortReason(signal)
    return {ok: false, message: `${shown}: ${connectionProblem(error)}`}
  }
}

function canConnect(host: string, port: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(abortReason(signal))
      return
    }
    const socket = connect({host, port})
    const stop = (): void => void socket.destroy(abortReason(signal))
    signal.addEventListener('abort', stop, {once: true})
    socket.on('error', reject)
    socket.once('connect', () => {
      socket.destroy()
      resolve()
    })
    socket.once('close', () => {
      signal.removeEventListener('abort', stop)
    })
  })
}
