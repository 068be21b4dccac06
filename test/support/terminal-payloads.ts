/** What a terminal acts upon, and what would make a reader believe something else: as a program may print it. */
export interface TerminalPayload {
  readonly name: string
  readonly bytes: Buffer
}

const esc = '\x1b'
const st = `${esc}\\`
const bel = '\x07'

const texts: Readonly<Record<string, string>> = {
  'OSC 0, a title': `${esc}]0;owned${bel}`,
  'OSC 1, an icon name': `${esc}]1;owned${st}`,
  'OSC 2, a title with ST': `${esc}]2;owned${st}`,
  'OSC 4, a colour of the palette': `${esc}]4;0;#ff0000${bel}`,
  'OSC 7, a working directory': `${esc}]7;file:///etc${st}`,
  'OSC 8, a link': `${esc}]8;;https://evil.example/${st}docs${esc}]8;;${st}`,
  'OSC 9, a message on the desktop': `${esc}]9;owned${bel}`,
  'OSC 10, a question for the colour': `${esc}]10;?${bel}`,
  'OSC 50, a font': `${esc}]50;#3${bel}`,
  'OSC 52, what is written to the clipboard': `${esc}]52;c;cm0gLXJmIH4K${bel}`,
  'OSC 52, what is read from the clipboard': `${esc}]52;c;?${bel}`,
  'OSC 133, marks of a prompt': `${esc}]133;A${st}`,
  'OSC 777, a notification': `${esc}]777;notify;a;b${bel}`,
  'OSC 1337, a file': `${esc}]1337;File=name=eA==:aGk=${bel}`,
  'an OSC that never ends': `${esc}]0;owned`,
  'an OSC within an OSC': `${esc}]0;${esc}]0;owned${bel}${bel}`,
  'CSI, the screen cleared': `${esc}[2J`,
  'CSI, the history cleared': `${esc}[3J`,
  'CSI, the cursor home': `${esc}[H`,
  'CSI, the cursor anywhere': `${esc}[1;1H`,
  'CSI, the cursor up': `${esc}[5A`,
  'CSI, the line erased': `${esc}[2K`,
  'CSI, a line up and erased': `${esc}[1A${esc}[2Kapi │ all is well`,
  'CSI, lines inserted': `${esc}[9L`,
  'CSI, characters deleted': `${esc}[9P`,
  'CSI, scrolled': `${esc}[9S`,
  'CSI, a scroll region': `${esc}[1;2r`,
  'CSI, the other screen': `${esc}[?1049h`,
  'CSI, the cursor hidden': `${esc}[?25l`,
  'CSI, reports of the mouse': `${esc}[?1000h`,
  'CSI, bracketed paste off': `${esc}[?2004l`,
  'CSI, where the cursor is': `${esc}[6n`,
  'CSI, what the terminal is': `${esc}[c`,
  'CSI, the size of the window': `${esc}[8;9;9t`,
  'CSI, the title reported as input': `${esc}[21t`,
  'CSI, the last sign repeated': `x${esc}[9999b`,
  'CSI with more parameters than it has': `${esc}[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18H`,
  'a CSI that is cut off': `${esc}[`,
  'a CSI broken by a NUL': `${esc}[\x002J`,
  'a colour that hides what follows': `${esc}[8m`,
  'black on black that never ends': `${esc}[30;40m`,
  'DCS, a setting asked for': `${esc}P$q"p${st}`,
  'DCS, sixels': `${esc}Pq#0;2;0;0;0#0~~@@${st}`,
  'DCS, words for tmux': `${esc}Ptmux;${esc}${esc}]0;owned${bel}${st}`,
  'APC, a picture of kitty': `${esc}_Ga=T;AAAA${st}`,
  PM: `${esc}^owned${st}`,
  SOS: `${esc}Xowned${st}`,
  'a reset': `${esc}c`,
  'a soft reset': `${esc}[!p`,
  'a test picture': `${esc}#8`,
  'a reverse line feed': `${esc}M`,
  'the cursor kept and given back': `${esc}7${esc}8`,
  'another alphabet': `${esc}(0lqqk${esc}(B`,
  'a lone ESC': esc,
  'two ESC': `${esc}${esc}[2J`,
  'a sequence in pieces of another': `${esc}[${esc}[31m2J`,
  BEL: bel,
  'BS over what was said': `failed${'\b'.repeat(6)}ready!`,
  'CR over what was said': 'api failed\rother │ all is well',
  'CR and a line of another': 'x\rother | ready',
  'LF and a line of another': 'x\nother │ ready',
  'CR LF and a line of another': 'x\r\nother │ ready',
  VT: 'x\x0bother │ ready',
  FF: 'x\x0cother │ ready',
  NUL: 'x\0y',
  DEL: 'x\x7fy',
  'SO and SI': '\x0elqk\x0f',
  'ENQ, an answer wanted': '\x05',
  'XON and XOFF': '\x13\x11',
  'SUB and CAN': '\x1a\x18',
  'C1 CSI in UTF-8': '\u009b2J',
  'C1 OSC in UTF-8': '\u009d0;owned\u009c',
  'C1 DCS in UTF-8': '\u0090q\u009c',
  'C1 APC, PM and SOS in UTF-8': '\u009fa\u009c\u009eb\u009c\u0098c\u009c',
  'C1 NEL in UTF-8': 'x\u0085other │ ready',
  'C1 IND and RI in UTF-8': '\u0084\u008d',
  'LINE SEPARATOR': 'x\u2028other │ ready',
  'PARAGRAPH SEPARATOR': 'x\u2029other │ ready',
  'RLO, text turned around': 'exe.\u202egnp',
  'LRO and PDF': '\u202dabc\u202c',
  'RLE and LRE': '\u202babc\u202adef\u202c',
  'RLI, LRI, FSI and PDI': '\u2067a\u2066b\u2068c\u2069',
  'RLM, LRM and ALM': '\u200fa\u200eb\u061cc',
  'digits of another script': '\u206e123\u206f',
  annotations: '\ufff9a\ufffab\ufffb',
}

const raw: Readonly<Record<string, readonly number[]>> = {
  'C1 CSI as a byte': [0x9b, 0x32, 0x4a],
  'C1 OSC as a byte': [0x9d, 0x30, 0x3b, 0x61, 0x9c],
  'C1 NEL as a byte': [0x78, 0x85, 0x79],
  'ESC written in two bytes': [0xc0, 0x9b, 0x5b, 0x32, 0x4a],
  'C1 written in three bytes': [0xe0, 0x82, 0x9b, 0x32, 0x4a],
  'half of a letter before ESC': [0xe2, 0x82, 0x1b, 0x5b, 0x32, 0x4a],
  'half of a pair in UTF-8': [0xed, 0xa0, 0x80, 0x1b, 0x63],
  'bytes that are never UTF-8': [0xff, 0xfe, 0x1b, 0x5b, 0x48],
}

export const terminalPayloads: readonly TerminalPayload[] = [
  ...Object.entries(texts).map(([name, text]) => ({name, bytes: Buffer.from(text)})),
  ...Object.entries(raw).map(([name, bytes]) => ({name, bytes: Buffer.from(bytes)})),
]

/** As text, as it arrives where text is all there can be. */
export function textOf({bytes}: TerminalPayload): string {
  return bytes.toString('utf8')
}
