import type {Action} from '@service-harness/cli/plugin'
import type {Context, Services} from '../postgres-services.js'

/** An action of PostgreSQL, made with what the host lends. */
export type MakeAction<Input, Output> = (services: Services) => Action<Context, Input, Output>
