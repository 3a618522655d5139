import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { acceptanceStatement } from "../../src/records/recordSignatures.js";
import { acceptRecord, acceptRecordBySig } from "../../src/records/register.js";
import { giveWord, type WordArguments } from "./word.js";

export default async function accept(args: WordArguments, hre: HardhatRuntimeEnvironment) {
  return giveWord(args, hre, { statement: acceptanceStatement, send: acceptRecord, submit: acceptRecordBySig });
}
