/** The font that the figures name; its files come from `dejavu-fonts-ttf`. */
export const FONT = "DejaVu Sans";

/** Colours that people with any colour vision tell apart (Okabe and Ito). */
export const COLORS = {
  blue: "#0072B2",
  orange: "#E69F00",
  green: "#009E73",
  vermilion: "#D55E00",
  purple: "#CC79A7",
  black: "#222222",
  grey: "#8A8A8A",
} as const;

/** A number as texts in figures say it: whole, with a comma between thousands. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString("en-US").replace("-", "−");
}
