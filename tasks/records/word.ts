import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { domainOf, type TypedStatement } from "../../src/eip712.js";
import { unpackRecord } from "../../src/records/indexedRecord.js";
import { type PatientsWord, type SignedWord, signWord } from "../../src/records/recordSignatures.js";
import type { Indexed } from "../../src/records/register.js";
import { dayCeil } from "../../src/utcDay.js";
import type { RecordRegistry } from "../../types/ethers-contracts/index.js";
import { wordArgument } from "../arguments/number.js";
import { momentArgument } from "../arguments/time.js";
import { nowOf } from "../clock.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";

export interface WordArguments {
  readonly id: string;
  readonly from: string;
  readonly relayer: string | undefined;
  readonly deadline: string;
}

/** A patient's word on an asserted record, in both ways in which it reaches the chain. */
export interface Word {
  readonly statement: TypedStatement<PatientsWord>;
  readonly send: (registry: RecordRegistry, id: string) => Promise<Indexed>;
  readonly submit: (registry: RecordRegistry, word: SignedWord) => Promise<Indexed>;
}

/** Sends the word by the patient's transaction, or has it signed and sent by a relayer. */
export async function giveWord(args: WordArguments, hre: HardhatRuntimeEnvironment, word: Word) {
  const id = wordArgument(args.id, "a record's id");
  const { connection, contracts } = await openDeployment(hre);
  const { recordRegistry } = contracts;
  const patient = await signerOf(connection, args.from);
  const { receipt } =
    args.relayer === undefined
      ? await word.send(recordRegistry.connect(patient), id)
      : await word.submit(
          recordRegistry.connect(await signerOf(connection, args.relayer)),
          await signWord(patient, await domainOf(recordRegistry), word.statement, {
            id,
            deadline: dayCeil(momentArgument(args.deadline, await nowOf(connection))),
          }),
        );
  const { state } = unpackRecord(BigInt(await recordRegistry.records(id)));
  return { id, state, transaction: receipt.hash };
}
