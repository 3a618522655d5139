import { isOfVisit, linksIn } from "../linking.js";
import { factsOf } from "../publicFacts.js";
import type { Stage } from "../stage.js";

const linked = "two wallets of one patient, linked from chain data";

/** Below this number of patients the scenes alone, each played with somebody, would tell the wallets apart. */
const crowd = 8;

/** What the system itself puts on chain links no two wallets of one patient; what the index tells of their visits may, and is counted. */
export async function playUnlinkability(stage: Stage): Promise<void> {
  const { center, contracts, provider } = stage.consortium;
  const owners = center.owners();
  const patients = new Set(owners.values()).size;
  const tooFew = `needs ${crowd} patients`;
  const expected = patients < crowd ? tooFew : "0 links";
  await stage.play(`${linked}, beyond doctor, institution and kind of visit`, expected, async () => {
    if (patients < crowd) return { got: tooFew, reason: `${patients} cannot hide among each other` };
    const facts = await factsOf(provider, contracts, new Set(owners.keys()));
    const count = [...facts.values()].reduce((sum, own) => sum + own.size, 0);
    const links = linksIn(facts, owners, (fact) => !isOfVisit(fact));
    const withVisits = linksIn(facts, owners, () => true);
    const example = links[0] ? `; for example by ${links[0].facts.join(", ")}` : "";
    const reason =
      `${owners.size} wallets, ${count} facts from events, storage and calldata; ` +
      `${withVisits.length} pairs with those too, where a doctor has hardly any other patient${example}`;
    return { got: `${links.length} links`, reason };
  });
}
