import {chmod, mkdir, mkdtemp, rm, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'

/** A folder that packages are made of. Disposing it removes it. */
export class PackageFolder implements AsyncDisposable {
  private constructor(readonly path: string) {}

  static async make(): Promise<PackageFolder> {
    return new PackageFolder(await mkdtemp(path.join(tmpdir(), 'harness-package-')))
  }

  at(...names: readonly string[]): string {
    return path.join(this.path, ...names)
  }

  async write(name: string, content: Uint8Array | string, mode = 0o644): Promise<void> {
    await mkdir(path.dirname(this.at(name)), {recursive: true})
    await writeFile(this.at(name), content)
    await chmod(this.at(name), mode)
  }

  async link(name: string, target: string): Promise<void> {
    await mkdir(path.dirname(this.at(name)), {recursive: true})
    await symlink(target, this.at(name))
  }

  /** `harness-package.yaml`. JSON is YAML. */
  define(definition: object): Promise<void> {
    return this.write('harness-package.yaml', JSON.stringify(definition))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, {recursive: true, force: true})
  }
}

/** One that a machine with a shell can run. */
export const sleeper = {
  name: 'sleeper',
  version: '1.0.0',
  binaries: {main: 'bin/main'},
  start: {binary: 'main'},
}

export const sleeperScript = '#!/bin/sh\nexec sleep 600\n'
