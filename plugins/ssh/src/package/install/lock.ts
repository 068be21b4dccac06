import {createInterface} from 'node:readline'
import type {RemoteChannel} from '../../host/remote-host.js'
import {DeployProblem} from './deploy-problem.js'
import type {Place} from './place.js'
import {shellWord} from '../../host/shell-words.js'

/** Nobody else changes what is installed while this is held. It is given back when the link is cut. */
export interface DeployLock extends AsyncDisposable {
  /** Aborts when the link has been cut: somebody else may have it by now. */
  readonly lost: AbortSignal
}

/** How often it is said that it still waits. */
const againMs = 30_000

/**
 * Takes the lock of a place, after those who came before. The shell that holds it there ends with the connection, and the lock with it; where there is no
 * `flock`, a folder is the lock, and one whose shell is gone is taken away. `owner`: who has it, for those who wait.
 */
export async function lockPlace(place: Place, owner: string): Promise<DeployLock> {
  const {host, signal} = place
  const channel = await host.open(script(place.root, owner), {signal})
  const lost = new AbortController()
  let over = false
  const ended = channel.ended.then((end) => {
    const reason = end.by === 'lost' ? end.reason : 'the shell that held the lock has ended'
    if (!over) lost.abort(new DeployProblem(`the lock on ${host.name} is lost: ${reason}`))
    return end
  })
  try {
    await held(channel, place)
  } catch (error) {
    over = true
    channel.close()
    throw error
  }
  return {
    lost: lost.signal,
    async [Symbol.asyncDispose]() {
      over = true
      channel.stdin.end()
      await ended
    },
  }
}

async function held(channel: RemoteChannel, {host, signal, say}: Place): Promise<void> {
  let said = ''
  channel.stderr.on('data', (part: Buffer) => (said += part.toString('utf8')))
  const lines = createInterface({input: channel.stdout})
  let again: NodeJS.Timeout | undefined
  const stop = (): void => {
    lines.close()
  }
  signal.addEventListener('abort', stop)
  try {
    for await (const line of lines) {
      if (line === 'held') return
      const message = `waiting on ${host.name} for ${line.replace(/^waits ?/, '') || 'another deploy'}`
      say(message)
      clearInterval(again)
      again = setInterval(say, againMs, message)
    }
  } finally {
    clearInterval(again)
    signal.removeEventListener('abort', stop)
    // What comes later is of no interest, and must not fill the window.
    channel.stdout.resume()
  }
  signal.throwIfAborted()
  throw new DeployProblem(
    `cannot take the lock of the package on ${host.name}: ${said.trim() || 'its shell has ended'}`,
  )
}

const body = `
hold() {
  printf '%s\\n' "$1" >lock.owner
  echo held
  cat >/dev/null
  : >lock.owner
}
if command -v flock >/dev/null 2>&1; then
  exec 9>>lock
  flock -n 9 || {
    echo "waits $(cat lock.owner 2>/dev/null)"
    flock 9 || exit 1
  }
  hold "$1"
  exit 0
fi
said=
nobody=0
until mkdir lock.folder 2>/dev/null; do
  if ! [ -d versions ]; then
    echo 'its folder was removed' >&2
    exit 1
  fi
  pid=$(cat lock.folder/pid 2>/dev/null)
  if [ -n "$pid" ]; then nobody=0; else nobody=$((nobody + 1)); fi
  if { [ -n "$pid" ] && ! kill -0 "$pid" 2>/dev/null; } || [ "$nobody" -ge 20 ]; then
    if mkdir lock.break 2>/dev/null; then
      [ "$pid" = "$(cat lock.folder/pid 2>/dev/null)" ] && rm -rf lock.folder
      rmdir lock.break
      continue
    fi
  fi
  [ -n "$said" ] || echo "waits $(cat lock.owner 2>/dev/null)"
  said=1
  sleep 1
done
echo $$ >lock.folder/pid
hold "$1"
rm -rf lock.folder
`

function script(root: string, owner: string): string {
  return `umask 077; cd ${shellWord(root)} && set -- ${shellWord(owner)} && {${body}}`
}
