import type {LogSource, PluginServices, StartRequest} from '@service-harness/cli/plugin'

const keptBytes = 1024 * 1024

/** The output of an attempt goes on in that beside it: with what was printed last, and a line of ours. */
export async function seedOutput(
  from: Pick<StartRequest, 'logs' | 'runDirectory'>,
  to: Pick<StartRequest, 'logs' | 'runDirectory'>,
  line: string,
  services: PluginServices,
): Promise<void> {
  const before = services.openSpool({directory: from.runDirectory, logs: from.logs})
  const after = services.openSpool({directory: to.runDirectory, logs: to.logs})
  try {
    for (const source of before.logs) {
      const end = await source.end()
      const {bytes} = await source.read(Math.max(0, end - keptBytes), keptBytes)
      after.write(source.stream, bytes, Date.now())
      if (bytes.length > 0 && bytes.at(-1) !== 10) after.write(source.stream, Buffer.from('\n'), Date.now())
    }
    after.write('stderr', Buffer.from(`${line}\n`), Date.now())
    // What comes now is brought from its own beginning on.
    after.commit({stdout: 0, stderr: 0})
  } finally {
    before.close()
    after.close()
  }
}

const shownBytes = 2048

/** The last line that was printed, on the error output first. */
export async function lastLine(logs: readonly LogSource[]): Promise<string | undefined> {
  for (const source of [...logs].sort((one, other) => one.stream.localeCompare(other.stream))) {
    const end = await source.end()
    const {bytes} = await source.read(Math.max(0, end - shownBytes), shownBytes)
    const line = Buffer.from(bytes).toString('utf8').trim().split('\n').at(-1)?.trim()
    if (line !== undefined && line !== '') return line.slice(0, 200)
  }
  return undefined
}
