import { type Terms, termsOf } from "../../src/records/terms.js";
import { required } from "../arguments/argumentInvalid.js";
import { purposesArgument, sectionClassesArgument } from "../arguments/names.js";
import { momentArgument } from "../arguments/time.js";

export interface TermsArguments {
  readonly purposes: string | undefined;
  readonly classes: string;
  readonly start: string | undefined;
  readonly until: string | undefined;
  readonly exact: boolean;
}

/**
 * What a grant allows, and when.
 *
 * @throws {ArgumentMissing}, {@link ArgumentInvalid}, {@link InvalidTerms}.
 */
export function termsArgument(args: TermsArguments, now: Date): Terms {
  return termsOf({
    purposes: purposesArgument(required(args.purposes, "purposes", "purposes of use, such as TREAT,HRESCH")),
    dataClasses: sectionClassesArgument(args.classes),
    from: args.start === undefined ? now : momentArgument(args.start, now),
    until: momentArgument(required(args.until, "until", "an end, such as 2027-11-24 or 30d"), now),
    exact: args.exact,
  });
}
