/**
 * Finds all processes of a run, and ends them. `members` is what `tree.ts` of harness itself is.
 *
 * Not every `grep` reads beyond a NUL: where it does not, the shell looks for the cookie itself, among those that are not older than the program.
 */
export const treesText = `
marked() {
  if [ -n "$blind" ]; then
    for one in $files; do
      while read -r text || [ -n "$text" ]; do
        case $text in *"$cookie"*) printf '%s\\n' "$one"; break ;; esac
      done <"$one"
    done
  else
    grep -lF -e "$cookie" $files
  fi
}

members() {
  leader=$1 since=$2 cookie=$3 before=" $4 " ours=' ' table= files=
  for one in /proc/[0-9]*/stat; do
    stat=
    read -r stat <"$one" || continue
    pid=\${stat%% *}
    set -- \${stat##*) }
    case $1 in Z|X) continue ;; esac
    [ "\${20}" -ge "$since" ] && [ "$pid" != "$$" ] || continue
    table="$table$pid $2 $3 $4 \${20}$nl" files="$files /proc/$pid/environ"
    if [ "$pid" = "$leader" ] && [ "\${20}" = "$since" ]; then ours="$ours$pid "; continue; fi
    case $before in *" $pid:\${20} "*) ours="$ours$pid " ;; esac
  done
  for one in $(marked); do
    pid=\${one#/proc/}
    pid=\${pid%/environ}
    case $ours in *" $pid "*) continue ;; esac
    ! tr '\\000' '\\n' <"$one" | grep -qxF -e "$cookie" || ours="$ours$pid "
  done
  [ "$ours" != ' ' ] || { table=; return 0; }
  session=
  while read -r pid parent group sid tick; do
    [ "$sid" != "$leader" ] || case $ours in *" $pid "*) session=yes ;; esac
  done <<E
$table
E
  grew=yes
  while [ -n "$grew" ]; do
    grew=
    while read -r pid parent group sid tick; do
      [ -n "$pid" ] || continue
      case $ours in *" $pid "*) continue ;; esac
      case $ours in
        *" $parent "*) ;;
        *) [ -n "$session" ] && [ "$sid" = "$leader" ] || continue ;;
      esac
      ours="$ours$pid " grew=yes
    done <<E
$table
E
  done
}

v_tree() {
  asked=" $5 " how=$6
  members "$1" "$2" "$3" "$4"
  while read -r pid parent group sid tick; do
    case $ours in *" $pid "*) ;; *) continue ;; esac
    [ -n "$pid" ] || continue
    printf '%s:%s\\n' "$pid" "$tick"
    case $how in
      kill) ! alive "$pid" "$tick" || kill -KILL "$pid" ;;
      term|rest)
        case $asked in *" $pid:$tick "*) continue ;; esac
        [ "$how" = rest ] && [ "$group" = "$leader" ] || ! alive "$pid" "$tick" || kill -TERM "$pid" ;;
    esac
  done <<E
$table
E
}

v_usage() {
  members "$1" "$2" "$3" ''
  ticks=0 pages=0
  while read -r pid parent group sid tick; do
    case $ours in *" $pid "*) ;; *) continue ;; esac
    [ -n "$pid" ] || continue
    read -r stat <"/proc/$pid/stat" || continue
    set -- \${stat##*) }
    [ "\${20}" = "$tick" ] || continue
    ticks=$((ticks + \${12} + \${13})) pages=$((pages + \${22}))
  done <<E
$table
E
  read -r now rest </proc/uptime
  printf '%s %s %s' "$ticks" "$pages" "$now"
}

send() {
  alive "$2" "$3" || return 1
  signal=$1 target=$2
  if [ "$4" = group ]; then
    read -r stat <"/proc/$2/stat" || return 1
    set -- \${stat##*) }
    [ "$3" != "$target" ] || target=-$target
  fi
  kill "-$signal" "$target" 2>&1 || return 2
}

v_signal() {
  send "$@"
}

v_stop() {
  alive "$3" "$4" || return 1
  : >"$runs/$1/stopping"
  v_tree "$3" "$4" "HARNESS_INSTANCE=$1" '' '' look
  send "$2" "$3" "$4" group >/dev/null
  send CONT "$3" "$4" group >/dev/null
  return 0
}
`
