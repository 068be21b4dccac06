/** Colours for text on a terminal. Where none are wanted the functions give their text back. */
export type Paint = Readonly<Record<'bold' | 'cyan' | 'dim' | 'green' | 'red' | 'yellow', (text: string) => string>>
