/**
 * The POSIX shell text that stands between harness and each program: `shim GRACE CAPTURE DIR`, run in a process of its own. It survives
 * the daemon, starts what `DIR/command` says and writes down how it ended. It is handed over in the variable HARNESS_SHIM, to keep it out
 * of `ps`. HARNESS_SHIM_PATH has the system's programs; HARNESS_SHIM_RESET is the `env` program, with its option that gives SIGINT
 * and SIGQUIT their default meaning again where a shell ignores them (it does so in the background, and programs would inherit it).
 *
 * - `claim` is made exclusively: whoever has it, the shim or a recovering daemon, decides whether the program ever starts.
 * - `run` is written by the process that then becomes the program, so that nothing runs without a record.
 * - `command` is opened before that: a daemon that takes the file away knows afterwards that no program will begin without a record.
 * - `run` and `exit` exist already, filled with spaces: overwriting in place needs no room on a full disk.
 * - What it makes is for its user alone; the program has the umask of the daemon.
 * - Zombies count as dead: the first process of a container may never clear them away.
 * - Only builtins are used on the way: no process more than needed.
 * - A `cat` still waiting for the other end of its fifo is let go by opening it once.
 * - The traps catch signals instead of ignoring them: what is ignored would be inherited. The program is waited for in the
 *   foreground, where a caught signal does not interrupt.
 * - After the leader's end its group gets TERM (unless the file `stopping` says that it had it) and, GRACE tenths of a second later,
 *   KILL. Then `cat`s of a captured pipe get one second to write what is left: a stranger that holds the pipe open holds nothing up.
 * - The end is written down at once where the program writes into the log itself, and else when all of its output is there.
 */
const shimText = `
lives() {
  read -r stat <"/proc/$1/stat" || return 1
  case \${stat##*) } in Z*|X*) return 1 ;; esac
}

group_lives() {
  kill -0 "-$1" || return 1
  for one in /proc/[0-9]*; do
    read -r stat <"$one/stat" || continue
    leader=$1
    set -- \${stat##*) }
    [ "$3" != "$leader" ] || case $1 in Z|X) ;; *) return 0 ;; esac
    set -- "$leader"
  done
  return 1
}

itself() {
  read -r stat </proc/self/stat
  self=\${stat%% *}
  set -- \${stat##*) }
  tick=\${20}
}

ended() {
  printf 'exit %s %s\\n' "$code" "$at" 1<>"$dir/exit"
}

shim() {
  grace=$1 capture=$2 dir=$3 cats= names=
  itself
  set -C
  printf 'claim %s %s %s\\n' "$self" "$tick" "$boot" >"$dir/claim" || exit 0
  set +C
  trap : TERM INT HUP QUIT USR1 USR2 PIPE
  case $capture in
    *pipe*)
      [ "$capture" = pipe ] && names='out err' || names=out
      for name in $names; do
        mkfifo "$dir/$name.fifo"
        cat <"$dir/$name.fifo" >>"$dir/$name.log" &
        cats="$cats $!"
      done
      suffix=fifo ;;
    *) suffix=log ;;
  esac
  by="$self $tick"
  (
    exec 8>>"$dir/out.$suffix"
    case $capture in
      merge*) exec 9>&8 ;;
      *) exec 9>>"$dir/err.$suffix" ;;
    esac
    command exec 7<"$dir/command" || exit 125
    itself
    printf 'run %s %s %s %s\\n' "$by" "$self" "$tick" "$boot" 1<>"$dir/run" || exit 125
    set -- $reset
    umask "$mask"
    . /proc/self/fd/7
  )
  code=$?
  read -r at rest </proc/uptime
  [ -n "$names" ] || ended
  read -r word by bytick pid rest <"$dir/run"
  if [ -n "$pid" ] && group_lives "$pid"; then
    [ -e "$dir/stopping" ] || kill -TERM "-$pid"
    while [ "$grace" -gt 0 ] && group_lives "$pid"; do
      sleep 0.1
      grace=$((grace - 1))
    done
    kill -KILL "-$pid"
  fi
  for name in $names; do
    true <>"$dir/$name.fifo"
  done
  n=50
  for cat in $cats; do
    while [ "$n" -gt 0 ] && lives "$cat"; do
      sleep 0.02
      n=$((n - 1))
    done
  done
  [ -z "$names" ] || ended
  exit 0
}

PATH=$HARNESS_SHIM_PATH reset=$HARNESS_SHIM_RESET
unset HARNESS_SHIM HARNESS_SHIM_PATH HARNESS_SHIM_RESET
mask=$(umask)
umask 077
read -r boot </proc/sys/kernel/random/boot_id
`

/**
 * The launcher: reads lines `GRACE CAPTURE DIR` and forks a shim for each, twice, so that it is nobody's child and leaves no zombie.
 * Ends when its input does.
 */
export const launcherText = `${shimText}
exec 2>/dev/null
while read -r grace capture dir; do
  ( shim "$grace" "$capture" "$dir" </dev/null & )
done
`

/** One shim without a launcher, for shells that cannot undo what they ignore in the background. */
export const singleShimText = `${shimText}
exec 2>/dev/null
shim "$1" "$2" "$3"
`
