/** One line of a figure's data. */
export type Row = Readonly<Record<string, string | number>>;

const DECIMALS = 6;

/** The rows as CSV, with the first row's names on top, numbers to six decimals, and lines that end in a line feed. */
export function csvOf(rows: readonly Row[]): string {
  const names = Object.keys(rows[0] ?? {});
  const lines = [names, ...rows.map((row) => names.map((name) => cellOf(row[name] ?? "")))];
  return `${lines.map((cells) => cells.join(",")).join("\n")}\n`;
}

/** A number as the files print it: to six decimals, so that the last bits of a logarithm cannot show. */
export function rounded(value: number): number {
  // Adding zero turns a negative zero into zero.
  return Number(value.toFixed(DECIMALS)) + 0;
}

function cellOf(value: string | number): string {
  if (typeof value === "number") return String(rounded(value));
  return /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
