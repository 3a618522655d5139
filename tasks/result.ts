/** What a verb prints: a text as it is, one thing with its fields, or a list of things. */
export type Result = string | Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[];

type Fields = Readonly<Record<string, unknown>>;

/** Prints a result on standard output: for people, or as one JSON document. */
export function printResult(result: Result, json: boolean): void {
  console.log(json ? jsonOf(result) : textOf(result));
}

/** Says on standard error how far long work has come. */
export function printProgress(line: string): void {
  console.error(line);
}

/** The result as JSON; whole numbers beyond JavaScript's are decimal strings. */
export function jsonOf(result: Result): string {
  return JSON.stringify(result, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value), 2);
}

/** The result for people: fields in two columns, lists as tables. */
export function textOf(result: Result): string {
  if (typeof result === "string") return result;
  return isList(result) ? tableOf(result) : fieldsOf(result);
}

function fieldsOf(fields: Fields): string {
  const entries = Object.entries(fields);
  const plain = entries.filter(([, value]) => !isBlock(value));
  const width = Math.max(...plain.map(([name]) => words(name).length), 0);
  const lines = plain.map(([name, value]) => `${words(name).padEnd(width)}  ${cell(value)}`.trimEnd());
  const blocks = entries.filter(([, value]) => isBlock(value)).map(([name, value]) => blockOf(name, value));
  return [...(lines.length > 0 ? [lines.join("\n")] : []), ...blocks].join("\n\n");
}

function blockOf(name: string, value: unknown): string {
  const text = isList(value) ? tableOf(value) : fieldsOf(value as Fields);
  return `${words(name)}:\n${text.replace(/^(?=.)/gm, "  ")}`;
}

function tableOf(rows: readonly Fields[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (names.length === 0) return "none";
  const table = [names.map(words), ...rows.map((row) => names.map((name) => cell(row[name])))];
  const widths = names.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function cell(value: unknown): string {
  if (value === undefined || value === null || value === "") return "-";
  if (Array.isArray(value)) return value.length === 0 ? "-" : value.map(cell).join("+");
  if (typeof value === "object") {
    return Object.entries(value)
      .map(([name, part]) => `${words(name)} ${cell(part)}`)
      .join(", ");
  }
  return String(value);
}

function isBlock(value: unknown): boolean {
  return isList(value) || (typeof value === "object" && value !== null && !Array.isArray(value));
}

function isList(value: unknown): value is readonly Fields[] {
  return Array.isArray(value) && value.every((item) => typeof item === "object" && item !== null);
}

/** `recordedAt` as "recorded at". */
function words(name: string): string {
  return name.replace(/[a-z](?=[A-Z])/g, "$& ").toLowerCase();
}
