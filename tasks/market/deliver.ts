import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { ChainView, prepareDelivery } from "../../database/index.js";
import { deliverOrder } from "../../src/market/deliver.js";
import { nowOf } from "../clock.js";
import { type FileArguments, withExistingFile } from "../database/existingFile.js";
import { openDeployment } from "../deployment.js";
import { printProgress } from "../result.js";
import { signerOf } from "../signer.js";
import { numberArgument } from "./arguments.js";
import { orderText } from "./orderText.js";

interface DeliverArguments extends FileArguments {
  readonly order: string;
  readonly from: string;
}

/** Prepares the delivery in the institution's database file, where its service finds it, and says so on the chain. */
export default async function deliver(args: DeliverArguments, hre: HardhatRuntimeEnvironment) {
  const number = numberArgument(args.order);
  const { connection, contracts, addresses } = await openDeployment(hre);
  const market = contracts.dataMarket.connect(await signerOf(connection, args.from));
  // The sender's own node says what is new; a development chain's clock may be ahead.
  const chain = await ChainView.open({ provider: connection.ethers.provider, addresses, maxBlockAge: Infinity });
  const prepared = await withExistingFile(args, async (database) =>
    prepareDelivery({ database, chain, now: await nowOf(connection) }, number),
  );
  printProgress(`Prepared ${prepared.delivered} records: sending the root of their manifest ...`);
  const { receipt } = await deliverOrder(market, prepared);
  return { ...(await orderText(market, number)), transaction: receipt.hash };
}
