type Exit = (code?: number | string | null) => never

/**
 * While plugins load, `process.exit` throws where it is called instead of ending harness without a word: so the plugin that calls it is
 * named like one that fails, and the rest goes on. Guards may overlap; one that is over passes calls on, as does one that finds it allowed.
 */
export function guardExit(isAllowed: () => boolean = () => false): Disposable {
  const original = currentExit()
  let over = false
  const guarded: Exit = (code) => {
    if (over || isAllowed()) return original(code)
    throw new Error(`it called process.exit(${code ?? ''})`)
  }
  process.exit = guarded
  return {
    [Symbol.dispose]() {
      over = true
      if (currentExit() === guarded) process.exit = original
    },
  }
}

function currentExit(): Exit {
  return Reflect.get(process, 'exit')
}
