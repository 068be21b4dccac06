import type {HealthQuestion, HealthRecipe, Script, StartRecipe} from '../manifest.js'

/** Variables of the environment that a program gets, for `${NAME}` and `${NAME:-default}`; `$$` is a `$`. */
export type Variables = Readonly<Record<string, string>>

const reference = /\$\$|\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g

/** Throws where a variable has no value. */
function expand(text: string, variables: Variables): string {
  return text.replace(reference, (whole, name?: string, otherwise?: string) => {
    if (name === undefined) return '$'
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined
    if (value !== undefined && value !== '') return value
    if (otherwise !== undefined) return otherwise
    if (value !== undefined) return value
    throw new Error(`its manifest uses \${${name}}, which has no value: give it under 'env' in the stack file`)
  })
}

/** What a package is started with: what the stack file says comes before what the manifest says. */
export function programEnv(start: StartRecipe, given: Variables, own: Variables): Variables {
  const before = {...own, ...given}
  const named = Object.entries(start.env).map(([name, value]) => [name, expand(value, before)] as const)
  return {...own, ...Object.fromEntries(named), ...given}
}

export function expandArgs(start: StartRecipe, variables: Variables): readonly string[] {
  return start.args.map((arg) => expand(arg, variables))
}

/** Throws also where what comes of it cannot be asked. */
export function expandHealth(health: HealthRecipe, variables: Variables): HealthRecipe {
  return {...health, check: expandQuestion(health.check, variables)}
}

function expandQuestion(check: HealthQuestion, variables: Variables): HealthQuestion {
  switch (check.kind) {
    case 'http': {
      const url = expand(check.url, variables)
      if (!URL.canParse(url)) throw new Error(`'health.http' comes to '${url}', which is no URL`)
      return {...check, url}
    }
    case 'tcp': {
      const port = expand(check.port, variables)
      if (!/^\d{1,5}$/.test(port)) throw new Error(`'health.tcp' comes to '${port}', which is no port`)
      return {...check, port}
    }
    case 'command':
      return {...check, command: expandScript(check.command, variables)}
  }
}

/** A line for the shell finds its variables itself. */
function expandScript(script: Script, variables: Variables): Script {
  return typeof script === 'string' ? script : script.map((word) => expand(word, variables))
}
