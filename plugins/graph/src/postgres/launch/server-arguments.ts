import type {LaunchOptions} from './options.js'

/** The later ones win: the stack file has the last word but for where it listens. */
export function serverArguments({port, data, settings}: LaunchOptions, cluster: string): readonly string[] {
  return [
    ...['-D', cluster, '-p', port],
    ...set('listen_addresses=127.0.0.1'),
    // A socket would lie where other users come by, and its path may be too long.
    ...set('unix_socket_directories='),
    // Segments in /dev/shm would be left behind by a crash, and few containers have room there.
    ...set('dynamic_shared_memory_type=mmap'),
    // A crash of the machine ends the service, and with it data that is not to be kept.
    ...(data === undefined ? [...set('fsync=off'), ...set('full_page_writes=off')] : []),
    ...settings.flatMap(set),
  ]
}

function set(setting: string): readonly string[] {
  return ['-c', setting]
}
