import { MaxUint256 } from "ethers";
import type { Node } from "jsonc-parser";
import { PRICING_LIMIT, type PricingTerms, type Regime } from "../../src/market/pricing.js";
import { PricingInputTooLarge } from "../../src/market/pricingErrors.js";
import { type JsonSource, membersOf, readSource, SourceRefused, textOf } from "../../src/records/source.js";
import { FileUnusable } from "../file.js";

/** A case of the pricing game, as it stands in its document. */
export interface Case {
  readonly source: JsonSource;
  readonly node: Node;
}

/** Cases of the pricing game, with the document that has them. */
export interface Batch {
  readonly source: JsonSource;
  readonly cases: readonly Case[];
}

/** What the contract answers to a case: numbers as decimal strings, in WAD, or the name of the error. */
export type Answer =
  | { readonly lambda: string; readonly d: string; readonly payment: string; readonly regime: Regime }
  | { readonly error: string };

const NAMES = [
  "alpha",
  "c",
  "dMin",
  "gamma",
  "lambdaMin",
  "lambdaMax",
] as const satisfies readonly (keyof PricingTerms)[];

/** The user's own file may be large; the bounds are for what memory and stack can take. */
const LIMITS = { bytes: 256 * 1024 * 1024, depth: 256, length: 10_000_000 };

/** So much of a wrong input is said, in characters. */
const SAID = 80;

/** A case has no inputs that the contract could be asked with. */
export class InputInvalid extends Error {
  override readonly name = "InputInvalid";

  /** @param text the input's own, as it stands in the document; undefined if it is missing. */
  constructor(input: string, text: string | undefined) {
    const said = text === undefined ? "is missing" : `is ${text.length > SAID ? `${text.slice(0, SAID)}...` : text}`;
    super(`${input} ${said}: give a whole number from 0, scaled by 1e18, as a text of digits.`);
  }
}

/**
 * The cases of a document that nobody has checked, with or without a byte order mark. Each is an object; whether it has inputs
 * shows when it is asked.
 *
 * @param path the document's, for the error.
 * @throws {FileUnusable}
 */
export function readBatch(bytes: Uint8Array, path: string): Batch {
  const source = sourceOf(bytes, path);
  const cases = memberOf(source.root, "cases");
  if (cases?.type !== "array" || cases.children === undefined || cases.children.length === 0) {
    throw new FileUnusable(path, 'has no cases: give {"cases": [{"inputs": {"alpha": "..", ..}}, ..]}');
  }
  const odd = cases.children.findIndex(({ type }) => type !== "object");
  if (odd >= 0) throw new FileUnusable(path, `has a case that is no object, number ${odd}: give {"inputs": {..}}`);
  return { source, cases: cases.children.map((node) => ({ source, node })) };
}

/**
 * The terms of a case.
 *
 * @throws {InputInvalid}; {@link PricingInputTooLarge} for a number that does not fit a word of the chain.
 */
export function readTerms({ source, node }: Case): PricingTerms {
  const inputs = memberOf(node, "inputs");
  if (inputs?.type !== "object") throw new InputInvalid("inputs", inputs && textOf(source, inputs));
  const entries = NAMES.map((name) => [name, wordIn(source, name, memberOf(inputs, name))] as const);
  return Object.fromEntries(entries) as Record<(typeof NAMES)[number], bigint>;
}

/** The document with an answer for the `result` of each case, in their order. Every other character is as it was. */
export function answeredText({ source, cases }: Batch, answers: readonly Answer[]): string {
  const parts: string[] = [];
  let copied = 0;
  for (const [place, { node }] of cases.entries()) {
    const answer = JSON.stringify(answers[place]);
    const standing = memberOf(node, "result");
    const last = node.children?.at(-1);
    const from = standing?.offset ?? (last === undefined ? node.offset + 1 : endOf(last));
    parts.push(source.text.slice(copied, from), standing === undefined ? addition(source, node, answer) : answer);
    copied = standing === undefined ? from : endOf(standing);
  }
  return [...parts, source.text.slice(copied)].join("");
}

/** A member behind the last one of an object, on a line of its own if that one is. */
function addition(source: JsonSource, { offset, children = [] }: Node, answer: string): string {
  const [before, last] = children.slice(-2);
  if (before === undefined) return `"result": ${answer}`;
  const between =
    last === undefined
      ? source.text.slice(offset + 1, before.offset)
      : source.text.slice(endOf(before), last.offset).replace(/^\s*,/, "");
  return `,${between}"result": ${answer}`;
}

function sourceOf(bytes: Uint8Array, path: string): JsonSource {
  const [first, second, third] = bytes;
  const isMarked = first === 0xef && second === 0xbb && third === 0xbf;
  try {
    return readSource(isMarked ? bytes.subarray(3) : bytes, LIMITS);
  } catch (error) {
    if (!(error instanceof SourceRefused)) throw error;
    throw new FileUnusable(path, `is not JSON as it is taken here. ${error.message}`, { cause: error });
  }
}

function wordIn(source: JsonSource, name: string, node: Node | undefined): bigint {
  const value: unknown = node?.value;
  if (typeof value !== "string" || !/^\d+$/.test(value)) throw new InputInvalid(name, node && textOf(source, node));
  const word = BigInt(value);
  if (word > MaxUint256) throw new PricingInputTooLarge(word, PRICING_LIMIT);
  return word;
}

function memberOf(node: Node, name: string): Node | undefined {
  return membersOf(node).find(({ key }) => key === name)?.value;
}

function endOf({ offset, length }: Node): number {
  return offset + length;
}
