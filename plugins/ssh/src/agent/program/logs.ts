/**
 * Reads logs by byte offset, and says what happens to the runs of a list.
 *
 * - A file is read in blocks, which every `dd` can. What is announced comes, also when the file is cut meanwhile: then zeroes do, and the size after them
 *   says so.
 * - A look at all runs costs two processes, `stat` and `sleep`, however many there are. What is said is repeated until the list is another.
 * - Who watched for the same list before, over a link of which only one end knows that it is cut, is ended.
 */
export const logsText = `
l() {
  [ "$5" = . ] || exit 1
  id=$1 file=$runs/$2 offset=$3 limit=$4
  size=$(stat -c %s "$file") || size=-1
  skip=$((offset % 4096)) length=$((size - offset))
  [ "$length" -le "$limit" ] || length=$limit
  if [ "$length" -gt 0 ]; then
    length=$((length + skip))
    printf '%s data %s\\n' "$id" "$length" || exit 1
    {
      dd if="$file" bs=4096 "skip=$((offset / 4096))" "count=$(((length + 4095) / 4096))"
      exec cat /dev/zero
    } </dev/null | head -c "$length"
    size=$(stat -c %s "$file") || size=-1
  fi
  printf '%s 0 %s\\n%s' "$id" "\${#size}" "$size" || exit 1
}

v_trim() {
  fallocate -p -o 0 -l "$2" "$runs/$1"
}

v_watch() {
  printf '%s' "$2" >"$watches/$1.new" && mv -f "$watches/$1.new" "$watches/$1"
}

w() {
  [ "$2" = . ] || exit 1
  list=$watches/$1
  cd "$runs" || exit 1
  old= oldtick=
  read -r old oldtick <"$list.pid"
  [ -z "$old" ] || ! alive "$old" "$oldtick" || kill -KILL "$old"
  read -r stat </proc/self/stat
  old=\${stat%% *}
  set -- \${stat##*) }
  printf '%s %s\\n' "$old" "\${20}" >"$list.pid"
  sizes= beat=99 quiet=0
  while :; do
    out= files=
    while read -r key pid tick shim shimtick; do
      if [ "$shim" = - ]; then
        alive "$pid" "$tick" || out="\${out}d $key$nl"
        continue
      fi
      files="$files $key/out.log $key/err.log"
      if record "$key/exit" exit; then out="\${out}x $key \${line#exit }$nl"
      elif alive "$pid" "$tick" || alive "$shim" "$shimtick"; then :
      elif record "$key/exit" exit; then out="\${out}x $key \${line#exit }$nl"
      else out="\${out}d $key$nl"
      fi
    done <"$list"
    if [ -n "$files" ]; then
      now=$(stat -c '%n %s' $files)
      if [ "$now" != "$sizes" ]; then
        while read -r name size; do
          case "$nl$sizes$nl" in *"$nl$name $size$nl"*) ;; *) out="\${out}g \${name%%/*}$nl" ;; esac
        done <<E
$now
E
        sizes=$now
      fi
    fi
    beat=$((beat + 1)) quiet=$((quiet + 1))
    [ -z "$out" ] || quiet=0
    if [ -n "$out" ] || [ "$beat" -ge 20 ]; then
      read -r now rest </proc/uptime
      printf 't %s\\n%s' "$now" "$out" || exit 1
      beat=0
    fi
    if [ "$quiet" -lt 50 ]; then sleep 0.1; else sleep 0.2; fi
  done </dev/null
}
`
