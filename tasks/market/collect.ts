import { setTimeout as sleep } from "node:timers/promises";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { collectDelivery } from "../../database/index.js";
import { readDeliveryKey } from "../../src/market/hpkeKeyFile.js";
import { verifyServedSection } from "../../src/records/index.js";
import { ArgumentInvalid, required } from "../arguments/argumentInvalid.js";
import { wholeNumberArgument } from "../arguments/number.js";
import { durationArgument } from "../arguments/time.js";
import { interruption } from "../chain/interruption.js";
import { openDeployment } from "../deployment.js";
import { readBytes } from "../file.js";
import { printProgress } from "../result.js";
import { signerOf } from "../signer.js";
import { numberArgument } from "./arguments.js";
import { keepEvidence, makeDeliveryFolder, removeDelivery, writeDelivery } from "./collected.js";

interface CollectArguments {
  readonly order: string;
  readonly url: string | undefined;
  readonly institution: string | undefined;
  readonly keyFile: string | undefined;
  readonly out: string | undefined;
  readonly maxWait: string;
  readonly from: string;
}

/** So long a download that is stopped may take to tell the database, in milliseconds. */
const PARTING = 2_000;

/** Downloads, decrypts and checks a delivery; of one that is faulty, writes the evidence. Ends with exit code 130 after Ctrl-C. */
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
  await makeDeliveryFolder(out);
  const signal = interruption();
  const collected = collectDelivery({
    login: { url: new URL(url).origin, institution, signer, chainId },
    market: contracts.dataMarket,
    registry: contracts.recordRegistry,
    orderId,
    keyPair,
    maxWait,
    check: (section) => {
      signal.throwIfAborted();
      verifyServedSection(section);
    },
  });
  try {
    const delivery = await Promise.race([collected, aborted(signal)]);
    return { order: orderId, verified: true, folder: out, ...(await writeDelivery(out, delivery, signal)) };
  } catch (error) {
    if (!signal.aborted) return await keepEvidence(out, error);
    await Promise.all([removeDelivery(out), Promise.race([collected.catch(() => undefined), sleep(PARTING)])]);
    printProgress(`Stopped: nothing is left in ${out}. Run it again for all.`);
    // A request that nobody can stop would keep the process.
    process.exit(130);
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
