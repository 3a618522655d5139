import { isHexString } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { proveFraud } from "../../src/market/dispute.js";
import type { ManifestLeaf } from "../../src/market/manifest.js";
import { isJsonObject, stringIn } from "../../src/records/json.js";
import { FileUnusable, readJson } from "../file.js";
import { type SettleArguments, settleOrder } from "./settle.js";

interface ProofArguments extends SettleArguments {
  readonly file: string;
}

export default async function prove(args: ProofArguments, hre: HardhatRuntimeEnvironment) {
  const { leaf, proof } = readEvidence(await readJson(args.file), args.file);
  return settleOrder(args, hre, (market, order) => proveFraud(market, order, leaf, proof));
}

/** @throws {FileUnusable} */
function readEvidence(value: unknown, file: string): { leaf: ManifestLeaf; proof: string[] } {
  const { leaf, proof } = isJsonObject(value) ? value : {};
  const words = ["recordId", "key", "ciphertextHash", "keyHash"].map((name) => stringIn(leaf, name));
  const [recordId, key, ciphertextHash, keyHash] = words.filter((word) => isHexString(word, 32));
  const isProof = Array.isArray(proof) && proof.every((word) => isHexString(word, 32));
  if (!recordId || !key || !ciphertextHash || !keyHash || !isProof) {
    throw new FileUnusable(file, "is no evidence: give one that `market collect` wrote, with leaf and proof");
  }
  return { leaf: { recordId, key, ciphertextHash, keyHash }, proof: proof.map(String) };
}
