import {besideText} from './beside.js'
import {logsText} from './logs.js'
import {requestsText} from './requests.js'
import {runsText} from './runs.js'
import {treesText} from './trees.js'

/**
 * What runs on a machine for all services there: a few functions of POSIX shell, sent over standard input to a `sh`, which then reads one line of shell for
 * each request: `q ID VERB WORD … .`, or `l` and `w` for what is not answered in one piece. Words are quoted, so that nothing but that shell's own grammar
 * frames them, and none of them is in a list of arguments that others could read. The last word is a full stop: a request that was cut on the way is none.
 *
 * An answer is `ID CODE LENGTH`, a line feed and so many bytes. It ends when its input does.
 *
 * - No process more than needed: what the shell can do itself it does, and answers are one fork.
 * - Before each signal the identity of its process is looked at: number and start tick, of this boot.
 * - A process is found by its cookie in `/proc/PID/environ`, by the session of the program, or as a child of such a one.
 */
export const agentProgram = [requestsText, runsText, treesText, besideText, logsText].join('')
