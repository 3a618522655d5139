import { ChainView } from "../../../database/chainView.js";
import { type CollectedDelivery, collectDelivery } from "../../../database/client/export.js";
import { type PreparedDelivery, prepareDelivery } from "../../../database/market/prepareDelivery.js";
import { deliverOrder } from "../../../src/market/deliver.js";
import { type DeliverySuite, newDeliveryKeyPair } from "../../../src/market/hpke.js";
import { verifyManifestLeaf } from "../../../src/market/manifest.js";
import { verifyServedSection } from "../../../src/records/index.js";
import type { Certified } from "../accountCenter.js";
import { chainOptionsOf, type Hospital } from "../consortium.js";
import type { Stage } from "../stage.js";

/** What a buyer has of an order. */
export interface Collected extends CollectedDelivery {
  /** Proofs that were checked: of leaves against the manifest, of sections against their records, of records against the index. */
  readonly proofs: { readonly verified: number; readonly failed: number };
}

/** Has an institution's database prepare an order, and its wallet deliver it. */
export async function deliver(stage: Stage, hospital: Hospital, order: number): Promise<PreparedDelivery> {
  const { contracts, clock, service } = stage.consortium;
  const database = service.institutions.get(hospital.number);
  if (!database) throw new Error(`${hospital.name} has no database.`);
  const chain = await ChainView.open(await chainOptionsOf(stage.consortium));
  const prepared = await prepareDelivery({ database, chain, now: clock.now() }, order);
  const { manifestRoot, delivered, exportedAt } = prepared;
  const market = contracts.dataMarket.connect(hospital.signer);
  await deliverOrder(market, { orderId: order, manifestRoot, delivered, exportedAt });
  return prepared;
}

/**
 * Has a buyer fetch a delivery over HTTP, decrypt it, and check every proof.
 *
 * @throws DeliveryFaulty for what is not as the chain says
 */
export async function collect(
  stage: Stage,
  { signer }: Pick<Certified, "signer">,
  { hospital, order, suite }: { readonly hospital: Hospital; readonly order: number; readonly suite: DeliverySuite },
): Promise<Collected> {
  const { contracts, chainId, clock, service } = stage.consortium;
  const { dataMarket, recordRegistry } = contracts;
  const { check = verifyServedSection } = stage.options;
  let sections = 0;
  const delivery = await collectDelivery({
    login: { url: service.url, institution: hospital.number, signer, chainId, clock: () => clock.now() },
    market: dataMarket,
    registry: recordRegistry,
    orderId: order,
    keyPair: await newDeliveryKeyPair(suite),
    check: (section) => {
      check(section);
      sections += 1;
    },
  });
  const { manifestRoot } = await dataMarket.orderOf(order);
  const inManifest = delivery.leaves.filter(({ leaf, proof }) => verifyManifestLeaf(manifestRoot, leaf, proof)).length;
  const inIndex = await Promise.all(delivery.records.map(({ id }) => recordRegistry.records(id)));
  const indexed = inIndex.filter((word) => BigInt(word) !== 0n).length;
  const verified = sections + inManifest + indexed;
  const all = delivery.records.reduce((sum, one) => sum + one.sections.length, 2 * delivery.records.length);
  return { ...delivery, proofs: { verified, failed: all - verified } };
}
