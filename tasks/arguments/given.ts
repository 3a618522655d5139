/** Options as they were typed. */
export type Typed<Rules> = { readonly [Name in keyof Rules]: string | undefined };

/** How each option's text is read. */
export type Readers<Rules> = { readonly [Name in keyof Rules]: (text: string) => Rules[Name] };

/** What the options that were given come to; those that were left out are left out. @throws what a reader throws. */
export function given<Rules extends object>(args: Typed<Rules>, readers: Readers<Rules>): Partial<Rules> {
  const names = Object.keys(readers) as (keyof Rules)[];
  const read = names.flatMap((name) => {
    const text = args[name];
    return text === undefined ? [] : [[name, readers[name](text)] as const];
  });
  return Object.fromEntries(read) as Partial<Rules>;
}

/** Whether no option was given. */
export function isNothing(asked: object): boolean {
  return Object.keys(asked).length === 0;
}
