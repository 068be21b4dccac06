import {choice, duration} from './shapes.js'
import type {MapTable} from './table.js'

/** What holds for every service and task that does not say otherwise. */
export const settingsTable: MapTable<'settings'> = {
  title: 'Settings',
  about: 'Defaults for every service and task of the file.',
  keys: {
    startup_timeout: {
      description: 'How long a service may take to be ready; left out, what its type says, else 5 minutes.',
      value: duration,
      example: '2m',
    },
    shutdown_timeout: {
      description:
        'How long a service or task has between the signal to end and being killed; left out, 10 seconds where its type says nothing else.',
      value: duration,
      example: '30s',
    },
    health_check_interval: {
      description: 'How much time lies between two health checks of a service that is ready.',
      value: duration,
      default: '10s',
      example: '5s',
    },
    on_start_timeout: {
      description:
        'What becomes of a service that was not ready in time: `keep` leaves it for inspection, `stop` ends it.',
      value: choice(['keep', 'stop']),
      default: 'keep',
      example: 'stop',
    },
  },
}
