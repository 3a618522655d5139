import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { ChainError } from "../../src/chainError.js";
import { chainEquilibrium } from "../../src/market/chainEquilibrium.js";
import { PricingInputTooLarge } from "../../src/market/pricingErrors.js";
import type { Quoter } from "../../types/ethers-contracts/index.js";
import { required } from "../arguments/argumentInvalid.js";
import { openDeployment } from "../deployment.js";
import { readBytes } from "../file.js";
import { printProgress } from "../result.js";
import { type Answer, answeredText, type Case, InputInvalid, readBatch, readTerms } from "./batch.js";
import { replaceText, requireReplaceable } from "./replacedText.js";

interface QuoteBatchArguments {
  readonly input: string | undefined;
  readonly output: string | undefined;
}

/** How many cases the node is asked at a time. */
const AT_A_TIME = 20;
const TELL_EVERY = 1_000;

/** Answers every case of a document by the contract's pricing. A case that the contract refuses has the error for its answer. */
export default async function quoteBatch(args: QuoteBatchArguments, hre: HardhatRuntimeEnvironment) {
  const input = required(args.input, "input", "the JSON file with the cases");
  const output = required(args.output, "output", "the file for the answers");
  const batch = readBatch(await readBytes(input), input);
  await requireReplaceable(output);
  const { contracts } = await openDeployment(hre);
  const answers = await answersTo(contracts.quoter, batch.cases);
  await replaceText(output, answeredText(batch, answers));
  const refused = answers.filter((answer) => "error" in answer).length;
  return { input, output, cases: answers.length, quoted: answers.length - refused, refused };
}

async function answersTo(quoter: Quoter, cases: readonly Case[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let next = 0; next < cases.length; next += AT_A_TIME) {
    const asked = cases.slice(next, next + AT_A_TIME);
    answers.push(...(await Promise.all(asked.map((one, place) => answerTo(quoter, one, next + place)))));
    if (answers.length % TELL_EVERY === 0) printProgress(`${answers.length} of ${cases.length} cases ...`);
  }
  return answers;
}

async function answerTo(quoter: Quoter, asked: Case, place: number): Promise<Answer> {
  try {
    const { lambda, d, payment, regime } = await chainEquilibrium(quoter, readTerms(asked));
    return { lambda: String(lambda), d: String(d), payment: String(payment), regime };
  } catch (error) {
    if (error instanceof ChainError) return { error: error.errorName };
    if (!(error instanceof InputInvalid || error instanceof PricingInputTooLarge)) throw error;
    printProgress(`Case ${place}: ${withShortNumbers(error.message)}`);
    return { error: error.name };
  }
}

/** No word of the chain has more than 78 digits: of a longer number nobody reads all. */
function withShortNumbers(message: string): string {
  return message.replace(/\d{79,}/g, (digits) => `${digits.slice(0, 20)}... (${digits.length} digits)`);
}
