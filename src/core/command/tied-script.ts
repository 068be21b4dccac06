/** How a shell learns that what it runs is to end: by the end of its input, which nobody else reads, or by that of its parent. */
export type TiedTo = 'input' | 'parent'

/**
 * Lines of a script that run others in a subshell, whose exit code is then that of the script, and end all that is left in the process group: once it has ended, or
 * once it is to end, politely and after the grace by force. The shell must be the leader of its group.
 */
export function tiedScript(run: string, {graceMs, to}: {readonly graceMs: number; readonly to: TiedTo}): string {
  return [
    `harness_grace=${tenths(graceMs)} harness_until=`,
    functions,
    to === 'input' ? heldWatch : parentWatch,
    '(',
    'exec 2>&4 4>&-',
    run,
    ')',
    ending,
  ].join('\n')
}

/** A little less than whoever waits for the end here has: that it ended by force is then known there too. */
function tenths(graceMs: number): number {
  return Math.max(0, Math.floor((graceMs - Math.min(1000, graceMs / 4)) / 100))
}

/**
 * What the shell itself says (`Terminated`) goes nowhere; descriptor 4 is the standard error of the program. `harness_left` lists the living processes of the group but this shell and `$1`, where there is /proc. `harness_end` asks all of them to end, and ends
 * them when the grace is over. Pauses are counted, and where there is /proc a clock as well: on a busy machine each takes longer than it says.
 */
const functions = `harness_left() {
harness_pids=
for harness_one in /proc/[0-9]*/stat; do
read -r harness_line <"$harness_one" || continue
harness_pid=\${harness_line%% *}
set -- "$1" \${harness_line##*) }
[ "$4" = "$$" ] && [ "$harness_pid" != "$$" ] && [ "$harness_pid" != "$1" ] || continue
case $2 in Z*|X*) ;; *) harness_pids="$harness_pids $harness_pid" ;; esac
done
[ -n "$harness_pids" ]
}
harness_pause() {
sleep 0.1 || { sleep 1; harness_grace=$((harness_grace - 9)); }
harness_grace=$((harness_grace - 1))
read -r harness_line </proc/uptime || return
harness_now=\${harness_line%% *}
harness_now=\${harness_now%?}
harness_now=\${harness_now%.*}\${harness_now#*.}
[ -n "$harness_until" ] || harness_until=$((harness_now + harness_grace))
[ "$harness_now" -lt "$harness_until" ] || harness_grace=0
}
harness_end() {
trap '' TERM INT HUP QUIT
harness_me=
read -r harness_line </proc/self/stat && harness_me=\${harness_line%% *}
kill -TERM "-$$"
while [ "$harness_grace" -gt 0 ]; do harness_pause; done
harness_left "$harness_me" && kill -KILL $harness_pids
}
exec 4>&2 2>/dev/null
trap : TERM INT HUP QUIT PIPE`

/** The command has no input. That of this shell is held open from the other side: it ends when the command is to end, or the link is cut. */
const heldWatch = `exec 3<&0 </dev/null
( cat <&3 >/dev/null; harness_end ) >/dev/null 4>&- &
harness_watch=$!
exec 3<&-`

/** The input is the command's own, and its end says nothing. When the link is cut, the process of `sshd` that is the parent ends. */
const parentWatch = `( while kill -0 "$PPID"; do sleep 1; done; harness_end ) >/dev/null 4>&- &
harness_watch=$!`

/** What the program has left behind ends with it. */
const ending = `harness_code=$?
trap '' TERM INT HUP QUIT PIPE
kill -TERM "-$$"
kill -KILL "$harness_watch"
while harness_left '' && [ "$harness_grace" -gt 0 ]; do harness_pause; done
[ -z "$harness_pids" ] || kill -KILL $harness_pids
exit "$harness_code"`

/**
 * The client of a command without input, `$@`, on this side. Whatever signal its group gets ends only the `cat` that holds the input of the client open:
 * so the other side is asked to end the command, and the client tells how it ended.
 */
export const tiedClient = `exec 4>&2 2>/dev/null
trap : TERM INT HUP QUIT USR1 USR2
sh -c 'echo $$; exec cat' 4>&- | {
read -r cat
trap '' TERM INT HUP QUIT USR1 USR2
"$@" 2>&4 4>&-
code=$?
kill "$cat"
exit "$code"
}`
