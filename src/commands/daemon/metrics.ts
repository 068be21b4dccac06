import {HarnessCommand} from '../../cli/base-command.js'
import {daemonFlag} from '../../cli/flags.js'
import {showMetrics} from '../../cli/show-metrics.js'

export default class DaemonMetrics extends HarnessCommand {
  static override summary = 'Print what can be measured of the daemon and its services, as Prometheus reads it.'
  static override description =
    'The same as a GET of /metrics with the token, at the unix socket or the TLS port. See docs/observability.md for what each is and how it is scraped.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'The restarts of each service',
      command: '<%= config.bin %> <%= command.id %> | grep ^harness_service_restarts',
    },
  ]
  static override flags = {...daemonFlag}

  async run(): Promise<void> {
    const {flags} = await this.parse(DaemonMetrics)
    await showMetrics(this.host(flags))
  }
}
