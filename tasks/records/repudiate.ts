import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { repudiationStatement } from "../../src/records/recordSignatures.js";
import { repudiateRecord, repudiateRecordBySig } from "../../src/records/register.js";
import { giveWord, type WordArguments } from "./word.js";

export default async function repudiate(args: WordArguments, hre: HardhatRuntimeEnvironment) {
  return giveWord(args, hre, { statement: repudiationStatement, send: repudiateRecord, submit: repudiateRecordBySig });
}
