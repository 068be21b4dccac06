import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {describe, it} from 'mocha'
import {shellEnvironment} from '../../../src/core/command/shell-environment.js'
import {shellQuote} from '../../../src/core/command/shell-quote.js'
import {findTool} from '../../../src/core/process/platform.js'

describe('shell quoting', () => {
  it('brings every character through a shell unchanged', () => {
    const text =
      Array.from({length: 0x17f}, (_, code) => String.fromCharCode(code + 1)).join('') + `'"$\`\\\n'' é 漢字 🎉`
    assert.equal(execFileSync('sh', ['-c', `printf %s ${shellQuote(text)}`], {encoding: 'utf8'}), text)
  })

  it('keeps the empty text a word', () => {
    assert.equal(shellQuote(''), "''")
  })
})

describe('an environment for a shell script', () => {
  it('exports what is an identifier, so that values stay out of argument lists', () => {
    assert.deepEqual(shellEnvironment({TOKEN: "it's", PATH: '/bin'}), {
      exports: ["export PATH='/bin'", "export TOKEN='it'\\''s'"],
      words: [],
    })
  })

  it('exports names that only look like those of a shell', () => {
    const secrets = ['BASHFUL', 'BASH_TOKEN', 'COMP_SECRET', 'EPOCH_KEY', 'FUNCTION_KEY', 'HISTORY_TOKEN', 'SHELL']
    const {exports, words} = shellEnvironment(Object.fromEntries(secrets.map((name) => [name, 'secret'])))
    assert.deepEqual(words, [])
    assert.equal(exports.length, secrets.length)
  })

  for (const shell of ['dash', 'bash', 'sh'].filter((name) => findTool(name))) {
    it(`brings variables that mean something to a shell through ${shell} unchanged`, () => {
      const names =
        `BASH BASHOPTS BASHPID BASH_ALIASES BASH_ARGC BASH_ARGV BASH_ARGV0 BASH_CMDS BASH_COMMAND BASH_COMPAT
        BASH_ENV BASH_EXECUTION_STRING BASH_LINENO BASH_LOADABLES_PATH BASH_REMATCH BASH_SOURCE BASH_SUBSHELL
        BASH_VERSINFO BASH_VERSION BASH_XTRACEFD CHILD_MAX COMPREPLY COMP_CWORD COMP_KEY COMP_LINE COMP_POINT COMP_TYPE
        COMP_WORDBREAKS COMP_WORDS DIRSTACK ENV EPOCHREALTIME EPOCHSECONDS EUID FUNCNAME FUNCNEST GLOBIGNORE GROUPS
        HISTCMD HISTCONTROL HISTFILE HISTFILESIZE HISTIGNORE HISTORY_TOKEN HISTSIZE HISTTIMEFORMAT IFS LINENO MAPFILE
        OLDPWD OPTARG OPTERR OPTIND PATH PIPESTATUS POSIXLY_CORRECT PPID PS4 PWD RANDOM SECONDS SHELL SHELLOPTS SHLVL
        SRANDOM TMOUT UID _ histchars`.split(/\s+/)
      const env = Object.fromEntries(names.map((name, index) => [name, `${index} x`]))
      const {exports, words} = shellEnvironment(env)
      const print = 'process.stdout.write(JSON.stringify(process.env))'
      const script = [
        ...exports,
        `exec /usr/bin/env ${words.join(' ')} ${shellQuote(process.execPath)} -e ${shellQuote(print)}`,
      ]
      const output = execFileSync(shell, ['-c', script.join('\n')], {
        encoding: 'utf8',
        env: {},
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      const seen = JSON.parse(output) as Record<string, string>
      assert.deepEqual(seen, env)
    })
  }

  it('gives to env what a shell cannot hold or would act upon', () => {
    const {exports, words} = shellEnvironment({'a.b': '1', IFS: 'x', BASH_ENV: '/x', UID: '7', OPTIND: 'no', Ü: 'u'})
    assert.deepEqual(exports, [])
    assert.deepEqual(words, ["'BASH_ENV=/x'", "'IFS=x'", "'OPTIND=no'", "'UID=7'", "'a.b=1'", "'Ü=u'"])
  })
})
