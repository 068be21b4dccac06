/** Commands beside a program, its input, and processes of others. */
export const besideText = `
v_exec() {
  { printf '%s' "$2" >"$execs/$1"; } 2>&1
}

v_session() {
  read -r pid tick <"$execs/$1.pid" || return 1
  send "$2" "$pid" "$tick" group
}

v_over() {
  read -r pid tick <"$execs/$1.pid" && printf '%s %s' "$pid" "$tick"
  rm -f "$execs/$1" "$execs/$1.pid"
}

v_group() {
  kill -0 "-$1"
}

v_input() {
  alive "$2" "$3" || return 1
  [ -p "$runs/$1/in" ] || return 2
  ls -l "/proc/$2/fd" | grep -qF -e "/$1/in" || return 2
}

named() {
  for one in /proc/[0-9]*; do
    stat=
    read -r stat <"$one/stat" || continue
    pid=\${one#/proc/}
    [ "$pid" != "$$" ] || continue
    name=\${stat#*\\(}
    name=\${name%\\)*} text=
    set -- "$1" \${stat##*) }
    case $2 in Z|X) continue ;; esac
    if [ "$name" != "$1" ]; then
      read -r text <"$one/cmdline" || [ -n "$text" ] || continue
      case $text in *"$1"*) ;; *) continue ;; esac
      program=$(tr '\\000' '\\n' <"$one/cmdline" | head -n 1)
      [ "\${program##*/}" = "$1" ] || continue
    fi
    printf '%s\\n' "$pid"
  done
}

v_attach() {
  cd -- "\${HOME:-/}" || cd /
  case $1 in
    pid) pid=$2 what="process $2" ;;
    pid_file)
      [ -e "$2" ] || { printf "the pid file '%s' does not exist" "$2"; return 1; }
      pid=
      read -r pid rest <"$2"
      case $pid in
        ''|*[!0-9]*) printf "the pid file '%s' holds no process number, expected digits" "$2"; return 1 ;;
      esac
      what="process $pid of the pid file '$2'" ;;
    process_name)
      pid=$(named "$2" | tr '\\n' ' ')
      pid=\${pid% }
      case $pid in
        '') printf "no process is called '%s'" "$2"; return 1 ;;
        *' '*) printf "several processes are called '%s', expected one: %s. Name one by 'pid'" "$2" "$pid"; return 1 ;;
      esac
      what="process $pid" ;;
  esac
  stat=
  read -r stat <"/proc/$pid/stat"
  set -- \${stat##*) }
  case \${1:-Z} in Z|X) printf '%s does not run' "$what"; return 1 ;; esac
  read -r now rest </proc/uptime
  printf '%s %s %s %s' "$pid" "\${20}" "$boot" "$now"
}

v_lives() {
  [ "$3" = "$boot" ] || return 2
  read -r now rest </proc/uptime
  printf '%s' "$now"
  alive "$1" "$2"
}
`
