/**
 * Starts runs and finds them again: the rules of `find-run.ts` of harness itself, in shell.
 *
 * - `never/INSTANCE` is written before a run that is not there is called one that never began, and looked for after the folder of a new run is made: whichever
 *   of the two comes second sees the other one. A request that was still on its way when its daemon died starts nothing.
 * - Two `setsid`: the second one leads a group already, so it forks, in every version of that program, and nothing has to run in the background of a shell,
 *   which would have it ignore signals.
 */
export const runsText = `
unrunnable() {
  if [ ! -e "$1" ]; then printf "does not exist"
  elif [ ! -f "$1" ]; then printf 'is not a file'
  elif [ ! -x "$1" ]; then printf 'is not executable: permission denied'
  else return 1
  fi
}

v_check() {
  cd -- "\${HOME:-/}" || cd /
  if [ ! -e "$1" ]; then printf "the working directory '%s' does not exist" "$1"; return 1; fi
  if [ ! -d "$1" ]; then printf "the working directory '%s' is not a directory" "$1"; return 1; fi
  cd -- "$1" || { printf "the working directory '%s' may not be entered: permission denied" "$1"; return 1; }
  cwd=$PWD near= found=
  case $2 in
    */*)
      case $2 in /*) found=$2 ;; *) found=\${cwd%/}/$2 ;; esac
      unrunnable "$found" >/dev/null && { printf "binary '%s' %s" "$2" "$(unrunnable "$found")"; return 2; } ;;
    *)
      set -f
      IFS=:
      for folder in \${3:-$login}; do
        case $folder in /*) one=\${folder%/}/$2 ;; *) one=\${cwd%/}/$folder/$2 ;; esac
        if ! unrunnable "$one" >/dev/null; then found=$one; break; fi
        [ ! -f "$one" ] || near=\${near:-$one}
      done
      if [ -z "$found" ]; then
        if [ -n "$near" ]; then printf "binary '%s' %s" "$near" "$(unrunnable "$near")"
        else printf "binary '%s' was not found in PATH (%s)" "$2" "\${3:-$login}"
        fi
        return 2
      fi ;;
  esac
  printf '%s\\n%s%s' "\${#cwd}" "$cwd" "$found"
}

blank='${' '.repeat(255)}'

fill() {
  printf '%s' "$2" >"$dir/command" || return 1
  [ "$3" = merge ] || [ "$3" = merge-pipe ] || : >>"$dir/err.log" || return 1
  : >>"$dir/out.log" || return 1
  set -C
  printf '%s\\n' "$blank" >"$dir/exit" || return 1
  printf '%s\\n' "$blank" >"$dir/run" || return 1
}

v_start() {
  dir=$runs/$1
  if mkdir "$dir"; then
    said=$(fill "$1" "$5" "$4" 2>&1) || { printf 'its run directory could not be made: %s' "\${said##*: }"; rm -rf "$dir"; return 1; }
  elif [ ! -e "$dir/run" ]; then
    printf 'its run directory could not be made'
    return 1
  fi
  if [ -e "$never/$1" ]; then rm -rf "$dir"; return 3; fi
  (
    umask "$mask"
    if [ "$HARNESS_LC" = / ]; then unset LC_ALL; else LC_ALL=$HARNESS_LC; fi
    unset HARNESS_LC
    cd /
    HARNESS_SHIM_PATH=$PATH HARNESS_SHIM_RESET=env
    export HARNESS_SHIM_PATH HARNESS_SHIM_RESET
    exec setsid setsid /bin/sh "$base/shim-$2" "$3" "$4" "$dir" </dev/null >/dev/null
  )
  n=0
  until v_look "$1"; do
    [ "$n" -lt 100 ] || return 4
    n=$((n + 1))
    sleep 0.01
  done
}

v_look() {
  record "$runs/$1/run" run || return 1
  printf '%s\\n' "$line"
  ! record "$runs/$1/exit" exit || printf '%s\\n' "$line"
  read -r now rest </proc/uptime
  printf 'now %s %s\\n' "$now" "$boot"
}

undecided() {
  record "$runs/$1/exit" exit && return 1
  record "$runs/$1/claim" claim || return 0
  set -- $line
  shim= shimtick=
  [ "$2" != daemon ] && [ "$4" = "$boot" ] || return 1
  shim=$2 shimtick=$3
}

v_find() {
  v_look "$1" && return 0
  dir=$runs/$1 shim= shimtick=
  read -r now rest </proc/uptime
  printf '%s %s\\n' "\${now%.*}" "$boot" >"$never/$1"
  if [ -d "$dir" ]; then
    if ! (set -C; printf 'claim daemon\\n' >"$dir/claim") && undecided "$1" && [ "$2" != force ]; then return 2; fi
    mv "$dir/command" "$dir/command.taken"
    if v_look "$1"; then mv "$dir/command.taken" "$dir/command"; return 0; fi
    mv "$dir" "$dir.never"
    if record "$dir.never/run" run; then
      mv "$dir.never" "$dir"
      mv "$dir/command.taken" "$dir/command"
      v_look "$1"
      return 0
    fi
    if [ -n "$shim" ] && alive "$shim" "$shimtick"; then
      children=
      for one in /proc/[0-9]*/stat; do
        read -r stat <"$one" || continue
        set -- "$1" \${stat##*) }
        [ "$3" != "$shim" ] || children="$children \${stat%% *}:\${21}"
      done
      kill -KILL "$shim"
      for one in $children; do
        alive "\${one%:*}" "\${one#*:}" && kill -KILL "\${one%:*}"
      done
    fi
  fi
  v_tree -1 0 "HARNESS_INSTANCE=$1" '' '' look
  rm -rf "$dir.never"
  return 1
}

v_destroy() {
  dir=$runs/$1
  rm -rf "$dir.never"
  mv "$dir" "$dir.never"
  rm -rf "$dir.never"
}

v_launch() {
  { IFS= read -r line <"$runs/$1/command" || IFS= read -r line <"$runs/$1/command.taken"; } && printf '%s' "\${line#?}"
}
`
