import {HarnessCommand} from '../cli/base-command.js'
import {runDoctor} from '../cli/doctor/run-doctor.js'
import {jsonFlag} from '../cli/flags.js'

export default class Doctor extends HarnessCommand {
  static override summary = 'Look at everything that harness needs: what works, what does not, and what to type.'
  static override description =
    'Changes nothing. Looks at Node and the system, the state directory and what is written down there, the daemon and its certificate, what is kept of daemons elsewhere, ports (also those of the stack in this folder), plugins, Docker, SSH and terminals. Exits with the code of the first thing that is broken; what is marked ▲ is only worth knowing.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'What is broken, for a program',
      command: `<%= config.bin %> <%= command.id %> --json | jq '.checks[] | select(.status == "broken")'`,
    },
  ]
  static override flags = {...jsonFlag}

  async run(): Promise<void> {
    const {flags} = await this.parse(Doctor)
    this.exitWith(await runDoctor(this.host(flags), this.config))
  }
}
