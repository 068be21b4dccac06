const service = 'services: {api: {type: process, binary: node, config: *i}}\n'
const bomb = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']
  .map((name, index, all) => {
    const below = all[index - 1]
    const items = below === undefined ? 'x, x, x, x, x, x, x, x, x, x' : Array(10).fill(`*${below}`).join(', ')
    return `x-${name}: &${name} [${items}]\n`
  })
  .join('')

/** Stack files that are made to exhaust a reader; the line in which each is refused, and what is said of it. */
export const hostileFiles: Readonly<
  Record<string, readonly [text: () => string | Buffer, line: number | undefined, message: RegExp]>
> = {
  'that unfolds into a billion values': [() => bomb + service, 3, /unfold to more than/],
  'of 20,000 levels of lists': [() => `x-a: ${'['.repeat(20_000)}`, 1, /nested deeper/],
  // As many levels as a megabyte has room for.
  'of 1400 levels of blocks': [
    () => Array.from({length: 1400}, (_, index) => `${' '.repeat(index)}a:\n`).join(''),
    50,
    /nested deeper/,
  ],
  'of 20,000 levels of dashes': [() => `x-a:\n  ${'- '.repeat(20_000)}x`, 2, /nested deeper/],
  'with 30,000 anchors that mean nothing': [
    () => Array.from({length: 30_000}, (_, index) => `x-${index}: &a${index} ${index}\n`).join(''),
    10_001,
    /more than 10000 anchors/,
  ],
  'with 30,000 anchors and aliases': [
    () =>
      Array.from(
        {length: 30_000},
        (_, index) => `x-${index}: &a${index} ${index === 0 ? 'x' : `[*a${index - 1}]`}\n`,
      ).join(''),
    10_001,
    /more than 10000 anchors/,
  ],
  'with 200,000 aliases of one anchor': [
    () => `x-a: &a x\nx-b: [${'*a,'.repeat(200_000)}]\n`,
    2,
    /more than 10000 aliases/,
  ],
  'with 10,000 aliases in texts': [
    () => `x-a: [${'"*a",'.repeat(10_001)}]\nx-b: |\n${'  *a\n'.repeat(10_001)}services: 1\n`,
    10_004,
    /services must be a map/,
  ],
  'with 10,000 keys that are given twice': [
    () =>
      Array.from({length: 10_000}, (_, index) => `x-${index % 10}: 1\n`).join('') +
      'services: {api: {type: process, binary: node}}',
    11,
    /is given twice/,
  ],
  'that is one line of a megabyte': [
    () => `name: "${'x'.repeat(1_000_000)}"\nservices: {api: {type: process, binary: node}}`,
    1,
    /is not a name/,
  ],
  'with a megabyte of open variables': [() => `name: "${'${A:-'.repeat(150_000)}"`, 1, /./],
  'with a megabyte of what is no variable': [
    () => `services: {api: {type: process, binary: node, args: ["${'${} '.repeat(200_000)}"]}}`,
    1,
    /neither a variable nor a reference/,
  ],
  'with a megabyte of colons': [() => ':'.repeat(1_000_000), 1, /./],
  'that is not UTF-8': [() => Buffer.from([0x61, 0x3a, 0x0a, 0xff, 0xfe, 0x0a]), 2, /not UTF-8/],
  'of two documents': [() => 'name: a\n---\nname: b\n', 2, /second begins/],
  'with a directive that nobody knows': [() => '%FOO bar\n---\nname: a\n', 1, /./],
}
