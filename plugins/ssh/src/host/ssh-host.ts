import type {PluginLog} from '@service-harness/cli/plugin'
import type {ClientChannel} from 'ssh2'
import {ask, LinkCut, type Connection} from '../connect/connection.js'
import {wordsOf, type Errors} from '../problem.js'
import {disposable} from './disposable-stream.js'
import {Link, type Pauses} from './link.js'
import {Listeners} from './listeners.js'
import {openCommand} from './open-command.js'
import {putFile} from './put-file.js'
import type {RemoteHost} from './remote-host.js'
import {runCommand} from './run-command.js'

export interface SshHostOptions {
  readonly name: string
  readonly errors: Errors
  readonly log: PluginLog
  readonly connect: (signal: AbortSignal) => Promise<Connection>
  readonly pauses?: Pauses
}

/** One machine, for all who hold it; a connection that the link keeps up. */
export class SshHost implements RemoteHost {
  readonly name: string
  private readonly link: Link
  private readonly listeners: Listeners

  constructor(private readonly options: SshHostOptions) {
    this.name = options.name
    this.listeners = new Listeners(options.log)
    this.link = new Link({
      ...options,
      onUp: (connection) => {
        this.listeners.adopt(connection)
      },
    })
  }

  get reachability() {
    return this.link.reachability
  }

  keep(): void {
    this.link.keep()
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.link.letGo()
    return Promise.resolve()
  }

  async connect(signal: AbortSignal): Promise<void> {
    await this.link.connect(signal)
  }

  readonly open: RemoteHost['open'] = async (command, {pty, signal = new AbortController().signal}) => {
    const connection = await this.link.current(signal)
    const place = {errors: this.options.errors, name: this.name, connection}
    return await openCommand(place, command, {signal, ...(pty && {pty})})
  }

  readonly run: RemoteHost['run'] = (command, options) => runCommand((signal) => this.open(command, {signal}), options)

  readonly put: RemoteHost['put'] = (content, file, options) =>
    putFile(
      {
        errors: this.options.errors,
        name: this.name,
        open: (command, signal) => this.open(command, {signal}),
        run: (command, signal) => this.run(command, {signal}),
      },
      content,
      file,
      options,
    )

  async dial({host, port}: {readonly host: string; readonly port: number}, signal: AbortSignal) {
    const connection = await this.link.current(signal)
    let isWanted = true
    try {
      const channel = await ask<ClientChannel>(connection, signal, (done) => {
        connection.client.forwardOut('127.0.0.1', 0, host, port, (error, opened) => {
          // Nobody waits for it any more.
          if (!isWanted && !error) opened.close()
          done(error, opened)
        })
      })
      return disposable(channel)
    } catch (error) {
      signal.throwIfAborted()
      throw this.problem(error, `it does not connect to ${host}:${port}`, 'AllowTcpForwarding')
    } finally {
      isWanted = false
    }
  }

  readonly listen: RemoteHost['listen'] = async (address, accept) => {
    const connection = await this.link.current(new AbortController().signal)
    try {
      return await this.listeners.open(connection, {...address, host: address.host || '127.0.0.1'}, accept)
    } catch (error) {
      throw this.problem(error, `it does not listen at port ${address.port} for us`, 'AllowTcpForwarding')
    }
  }

  private problem(error: unknown, what: string, setting: string): Error {
    const {errors} = this.options
    if (error instanceof LinkCut)
      return errors.error('SSH_UNREACHABLE', {subject: this.name, reason: error.message, cause: error})
    const said = wordsOf(error).replace(/^channel open failure: /i, '')
    return errors.error('SSH_REFUSED', {
      subject: this.name,
      reason: `${what} (${said})`,
      hint: `See whether something listens there, and '${setting}' of its sshd.`,
      cause: error,
    })
  }
}
