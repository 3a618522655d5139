const PREFIX = "(?:Y|Z|E|P|T|G|M|k|h|da|d|c|m|u|n|p|f)?";
const METRIC =
  "m|g|l|L|s|mol|eq|osm|cd|K|A|C|F|V|W|J|N|Pa|Hz|Ohm|S|T|Bq|Gy|Sv|kat|cal|bar|m\\[Hg\\]|m\\[H2O\\]|U|\\[iU\\]|\\[IU\\]|Cel";
const PLAIN =
  "min|h|d|wk|mo|a|%|deg|B|\\[degF\\]|\\[in_i\\]|\\[ft_i\\]|\\[lb_av\\]|\\[oz_av\\]|\\[foz_us\\]|\\[pH\\]|\\[ppm\\]|\\[ppb\\]|\\[diop\\]|\\[CFU\\]|\\[arb'U\\]|10\\*|10\\^|1";
const ANNOTATION =
  "\\{(?:score|nominal|INR|ratio|count|number|#|cells|cell|copies|beats|breaths|RBC|WBC|pH|index|1\\.73_m2|tbl|tablet|dose|visits?|drinks?|a|day)\\}";
const ATOM = `(?:${PREFIX}(?:${METRIC})|${PLAIN})(?:[+-]?\\d{1,2})?(?:${ANNOTATION})?|${ANNOTATION}`;
const UNIT = new RegExp(`^/?(?:${ATOM})(?:[./](?:${ATOM}))*$`);

/** Whether `code` is a UCUM unit as medicine uses them. Rare units are not known: this list decides what may leave a hospital. */
export function isUcumUnit(code: string): boolean {
  return code.length <= 40 && UNIT.test(code);
}
