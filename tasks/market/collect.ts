import { mkdir } from "node:fs/promises";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { collectDelivery } from "../../database/index.js";
import { readDeliveryKey } from "../../src/market/hpkeKeyFile.js";
import { ArgumentInvalid, required } from "../arguments/argumentInvalid.js";
import { wholeNumberArgument } from "../arguments/number.js";
import { durationArgument } from "../arguments/time.js";
import { openDeployment } from "../deployment.js";
import { FileUnusable, readBytes } from "../file.js";
import { signerOf } from "../signer.js";
import { numberArgument } from "./arguments.js";
import { keepEvidence, writeDelivery } from "./collected.js";

interface CollectArguments {
  readonly order: string;
  readonly url: string | undefined;
  readonly institution: string | undefined;
  readonly keyFile: string | undefined;
  readonly out: string | undefined;
  readonly maxWait: string;
  readonly from: string;
}

/** Downloads, decrypts and checks a delivery; of one that is faulty, writes the evidence. */
export default async function collect(args: CollectArguments, hre: HardhatRuntimeEnvironment) {
  const orderId = numberArgument(args.order);
  const url = required(args.url, "url", "the medical database's address, such as http://127.0.0.1:8080");
  if (!URL.canParse(url)) throw new ArgumentInvalid(url, "an address such as http://127.0.0.1:8080");
  const institution = wholeNumberArgument(
    required(args.institution, "institution", "the provider's number"),
    1,
    65_535,
  );
  const keyFile = required(args.keyFile, "key-file", "the key pair's file, as `market new-key` makes it");
  const out = required(args.out, "out", "a new folder for what is delivered");
  const maxWait = durationArgument(args.maxWait) * 1_000;
  const keyPair = readDeliveryKey(Buffer.from(await readBytes(keyFile)).toString("utf8"));
  const { connection, contracts } = await openDeployment(hre);
  const { chainId } = await connection.ethers.provider.getNetwork();
  const signer = await signerOf(connection, args.from);
  await makeFolder(out);
  const delivery = await collectDelivery({
    login: { url: new URL(url).origin, institution, signer, chainId },
    market: contracts.dataMarket,
    registry: contracts.recordRegistry,
    orderId,
    keyPair,
    maxWait,
  }).catch((error: unknown) => keepEvidence(out, error));
  return { order: orderId, verified: true, folder: out, ...(await writeDelivery(out, delivery)) };
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    throw new FileUnusable(path, "cannot be made as a folder: give a new one in a folder that exists", {
      cause: error,
    });
  }
}
