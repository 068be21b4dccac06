/** Cuts the lines of a terminal into runs of one style each. Knows what `tmux capture-pane -e` writes: text and SGR sequences. */
export function parseAnsi(screen) {
  let style = {}
  return screen.split('\n').map((line) => {
    const runs = []
    let column = 0
    for (const [, codes, text] of line.matchAll(/\u001B\[([\d;:]*)m|([^\u001B]+)|\u001B./g)) {
      if (codes !== undefined) style = restyle(style, codes)
      else if (text) {
        runs.push({column, text, style})
        column += [...text].length
      }
    }
    return runs
  })
}

function restyle(style, codes) {
  const numbers = codes.split(/[;:]/).map(Number)
  let next = style
  while (numbers.length > 0) next = apply(next, numbers.shift(), numbers)
  return next
}

function apply(style, code, rest) {
  if (code === 0) return {}
  if (code === 22) return {...style, bold: false, dim: false}
  if (code === 39) return {...style, color: undefined}
  if (code === 38) return {...style, color: extended(rest)}
  if (code >= 30 && code <= 37) return {...style, color: code - 30}
  if (code >= 90 && code <= 97) return {...style, color: code - 82}
  const [name, value] = switches[code] ?? []
  return name ? {...style, [name]: value} : style
}

const switches = {
  1: ['bold', true],
  2: ['dim', true],
  3: ['italic', true],
  4: ['underline', true],
  23: ['italic', false],
  24: ['underline', false],
}

/** 5;N of the palette, or 2;R;G;B. */
function extended(rest) {
  if (rest.shift() === 5) return palette(rest.shift())
  const [red, green, blue] = rest.splice(0, 3)
  return `rgb(${red},${green},${blue})`
}

function palette(number) {
  if (number < 16) return number
  if (number >= 232) return grey(8 + (number - 232) * 10)
  const level = (step) => (step === 0 ? 0 : 55 + step * 40)
  const at = number - 16
  return `rgb(${level(Math.floor(at / 36))},${level(Math.floor(at / 6) % 6)},${level(at % 6)})`
}

function grey(level) {
  return `rgb(${level},${level},${level})`
}
