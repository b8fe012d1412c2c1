/** What a program says that it prints: the texts behind `// →`, in their order. */
export const printedBy = (source: string): readonly string[] =>
  [...source.matchAll(/\/\/ → (.*)$/gm)].map(([, text = '']) => text.trimEnd());
