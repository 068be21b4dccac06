import type {ShellText} from '../contract/services.js'
import {shellEnvironment} from './shell-environment.js'
import {shellQuote} from './shell-quote.js'
import {tiedClient, tiedScript} from './tied-script.js'

/** What plugins are lent of this room. */
export const shellText: ShellText = {
  quote: shellQuote,
  environment: shellEnvironment,
  tied: tiedScript,
  tiedClient,
}
