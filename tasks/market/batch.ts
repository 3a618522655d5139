import { MaxUint256 } from "ethers";
import type { Regime, Terms } from "../../src/market/pricing.js";
import { PricingInputTooLarge } from "../../src/market/pricingErrors.js";
import { isJsonObject, type JsonObject, type JsonValue } from "../../src/records/json.js";
import { FileUnusable } from "../file.js";

/** Cases of the pricing game, with all else that their document says. */
export interface Batch extends JsonObject {
  cases: JsonObject[];
}

/** What the contract answers to a case: numbers as decimal strings, in WAD, or the name of the error. */
export type Answer =
  | { readonly lambda: string; readonly d: string; readonly payment: string; readonly regime: Regime }
  | { readonly error: string };

const NAMES = ["alpha", "c", "dMin", "gamma", "lambdaMin", "lambdaMax"] as const satisfies readonly (keyof Terms)[];

/** A case has no inputs that the contract could be asked with. */
export class InputInvalid extends Error {
  override readonly name = "InputInvalid";

  constructor(input: string, value: unknown) {
    const said = value === undefined ? "is missing" : `is ${JSON.stringify(value)}`;
    super(`${input} ${said}: give a whole number from 0, scaled by 1e18, as a text of digits.`);
  }
}

/**
 * The cases of a document that nobody has checked. Each is an object; whether it has inputs shows when it is asked.
 *
 * @param path the document's, for the error.
 * @throws {FileUnusable}
 */
export function readBatch(document: unknown, path: string): Batch {
  const cases = isJsonObject(document) ? document.cases : undefined;
  if (!isJsonObject(document) || !Array.isArray(cases) || cases.length === 0) {
    throw new FileUnusable(path, 'has no cases: give {"cases": [{"inputs": {"alpha": "..", ..}}, ..]}');
  }
  const odd = cases.findIndex((one) => !isJsonObject(one));
  if (odd >= 0) throw new FileUnusable(path, `has a case that is no object, number ${odd}: give {"inputs": {..}}`);
  return { ...document, cases: cases.filter(isJsonObject) };
}

/**
 * The terms of a case.
 *
 * @throws {InputInvalid}; {@link PricingInputTooLarge} for a number that does not fit a word of the chain.
 */
export function readTerms({ inputs }: JsonObject): Terms {
  if (!isJsonObject(inputs)) throw new InputInvalid("inputs", inputs);
  const entries = NAMES.map((name) => [name, wordIn(name, inputs[name])] as const);
  return Object.fromEntries(entries) as Record<(typeof NAMES)[number], bigint>;
}

function wordIn(name: string, value: JsonValue | undefined): bigint {
  if (typeof value !== "string" || !/^\d+$/.test(value)) throw new InputInvalid(name, value);
  const word = BigInt(value);
  if (word > MaxUint256) throw new PricingInputTooLarge(word, MaxUint256);
  return word;
}
