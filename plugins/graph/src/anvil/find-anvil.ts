import {findBinary} from '../shared/launch/find-binary.js'

/** The program itself: npm's `anvil` only starts it, and leaves it running when it is killed. */
export function findAnvil(given: string | undefined): string | undefined {
  const platform = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`
  const file = process.platform === 'win32' ? 'bin/anvil.exe' : 'bin/anvil'
  return findBinary({
    given,
    name: 'anvil',
    packages: [{name: `@foundry-rs/anvil-${platform}`, within: '@foundry-rs/anvil', file}],
  })
}
