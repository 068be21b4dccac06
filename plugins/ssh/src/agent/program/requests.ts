/** Reads requests, answers them, and says what the machine is. */
export const requestsText = `
unset SSH_CLIENT SSH_CONNECTION SSH_TTY SSH_ORIGINAL_COMMAND HARNESS_INSTANCE HARNESS_SESSION OLDPWD
login=$PATH
PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
mask=$(umask)
umask 077
exec 2>/dev/null
nl='
'
case \${XDG_STATE_HOME-} in /*) base=$XDG_STATE_HOME/harness-remote ;; *) base=\${HOME-}/.local/state/harness-remote ;; esac
runs=$base/runs never=$base/never execs=$base/exec watches=$base/watch
read -r boot </proc/sys/kernel/random/boot_id
blind=yes
[ "$(printf 'a\\000b' | grep -lF -e b)" = '' ] || blind=

q() {
  id=$1 verb=$2 last=
  shift 2
  for last; do :; done
  [ "$last" = . ] || exit 1
  out=$("v_$verb" "$@" </dev/null; printf '.%s' "$?")
  code=\${out##*.} out=\${out%.*}
  printf '%s %s %s\\n%s' "$id" "$code" "\${#out}" "$out" || exit 1
}

record() {
  line=
  IFS= read -r line <"$1" || return 1
  case $line in "$2 "*) return 0 ;; esac
  return 1
}

alive() {
  known=$2 stat=
  read -r stat <"/proc/$1/stat" || return 1
  set -- \${stat##*) }
  case $1 in Z|X) return 1 ;; esac
  [ "\${20}" = "$known" ]
}

v_hello() {
  mkdir -p "$runs" "$never" "$execs" "$watches" 2>&1 || return 1
  chmod 700 "$base" 2>&1 || return 1
  for tool in setsid env stat dd head sleep grep tr ls mv rm cat mkfifo; do
    command -v "$tool" >/dev/null || printf 'missing %s\\n' "$tool"
  done
  [ -n "$boot" ] && [ -r /proc/self/stat ] || printf 'missing /proc\\n'
  read -r now rest </proc/uptime
  for one in "$never"/*; do
    read -r then when <"$one" || continue
    [ "$when" = "$boot" ] && [ "$((\${now%.*} - then))" -lt 3600 ] || rm -f -- "$one"
  done
  printf 'setsid %s\\n' "$(command -v setsid)"
  printf 'path %s\\n' "$login"
  printf 'home %s\\n' "\${HOME-}"
  printf 'base %s\\n' "$base"
  printf 'boot %s\\n' "$boot"
  [ -s "$base/shim-$1" ] || printf 'shim none\\n'
  command -v fallocate >/dev/null && printf 'fallocate yes\\n'
  return 0
}

v_shim() {
  { printf '%s' "$2" >"$base/shim-$1.$$" && mv -f "$base/shim-$1.$$" "$base/shim-$1"; } 2>&1
}
`
