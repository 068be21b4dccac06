import type {HarnessPlugin, RegisterHook} from '@service-harness/cli/plugin'

const register: RegisterHook = () => {
  const plugin: HarnessPlugin = {name: 'ssh'}
  return Promise.resolve(plugin)
}
export default register
