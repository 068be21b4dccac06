const cell = {width: 8.4, height: 20, font: 14}
const margin = {side: 24, top: 58, bottom: 22}
const theme = {
  background: '#16181f',
  edge: '#2b2f3a',
  text: '#d6dae3',
  title: '#767d8f',
  // black, red, green, yellow, blue, magenta, cyan, white; then the bright ones
  colors: [
    ...['#3b4050', '#f2777a', '#8fd694', '#f2c97d', '#7aa8f7', '#c79bf0', '#6fcfd6', '#d6dae3'],
    ...['#767d8f', '#ff9a9c', '#b0e8b3', '#ffdf9e', '#a3c4ff', '#dcbcff', '#97e6eb', '#ffffff'],
  ],
}

/** A terminal window with these lines as one self-contained SVG. Every run is nailed to its column, whatever font the reader has. */
export function drawTerminal(lines, {columns, title}) {
  const width = Math.ceil(columns * cell.width + 2 * margin.side)
  const height = margin.top + lines.length * cell.height + margin.bottom
  const text = lines.flatMap((runs, row) => runs.flatMap((run) => words(run).map((word) => drawWord(word, row))))
  const font = `ui-monospace,SFMono-Regular,'JetBrains Mono','DejaVu Sans Mono',Menlo,Consolas,monospace`
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(plain(lines))}">
<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="12" fill="${theme.background}" stroke="${theme.edge}"/>
<path d="M.5 38.5h${width - 1}" stroke="${theme.edge}"/>
<g><circle cx="22" cy="20" r="6" fill="#f2777a"/><circle cx="42" cy="20" r="6" fill="#f2c97d"/><circle cx="62" cy="20" r="6" fill="#8fd694"/></g>
<text x="${width / 2}" y="24.5" text-anchor="middle" font-family="system-ui,-apple-system,'DejaVu Sans',sans-serif" font-size="13" fill="${theme.title}">${escape(title)}</text>
<g font-family="${font}" font-size="${cell.font}" fill="${theme.text}" xml:space="preserve">
${text.join('\n')}
</g>
</svg>
`
}

/** Spaces are not drawn, so that no reader can collapse them. */
function words({column, text, style}) {
  return [...text.matchAll(/\S+(?: \S+)*/g)].map((match) => ({
    column: column + [...text.slice(0, match.index)].length,
    text: match[0],
    style,
  }))
}

function drawWord({column, text, style}, row) {
  const length = [...text].length * cell.width
  const attributes = {
    x: round(margin.side + column * cell.width),
    y: margin.top + row * cell.height + 14,
    textLength: round(length),
    lengthAdjust: 'spacingAndGlyphs',
    ...(style.color === undefined ? {} : {fill: paint(style.color)}),
    ...(style.bold ? {'font-weight': 'bold'} : {}),
    ...(style.dim ? {opacity: '.6'} : {}),
    ...(style.italic ? {'font-style': 'italic'} : {}),
    ...(style.underline ? {'text-decoration': 'underline'} : {}),
  }
  const written = Object.entries(attributes).map(([name, value]) => `${name}="${value}"`)
  return `<text ${written.join(' ')}>${escape(text)}</text>`
}

function paint(color) {
  return typeof color === 'number' ? theme.colors[color] : color
}

function plain(lines) {
  return lines
    .map((runs) =>
      runs
        .map(({text}) => text)
        .join('')
        .trimEnd(),
    )
    .join('\n')
}

function round(number) {
  return Math.round(number * 100) / 100
}

function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
