import type { Signed } from "../../../src/records/consentSignatures.js";
import { fanOutGrant, relayConsents, shuffleAcross } from "../../../src/records/fanOut.js";
import { institution } from "../../../src/records/grant.js";
import { DAY } from "../../../src/utcDay.js";
import { type Stage, servedOf } from "../stage.js";
import { together } from "../together.js";

/** "Everything to this hospital", by every patient: one grant a wallet, mixed among the patients. */
export async function playFanOut(stage: Stage): Promise<void> {
  const { center, contracts, provider } = stage.consortium;
  const [record] = stage.onePerPatient();
  const [foreign] = record ? stage.foreignDoctors(record) : [];
  if (!record || !foreign) throw new Error("The scenes need a record that doctor and patient signed.");
  const { doctor, hospital } = foreign;
  const wallets = new Map<string, string[]>();
  for (const [wallet, owner] of center.owners()) wallets.set(owner, [...(wallets.get(owner) ?? []), wallet]);
  const until = new Date((stage.today() + 90 * DAY) * 1000);

  const total = center.owners().size;
  await stage.play("everything to one hospital, by all patients", `${total} grants`, async () => {
    const statements = await Promise.all(
      [...wallets.values()].map((own) =>
        fanOutGrant(
          contracts.consentRegistry,
          own.map((wallet) => center.patientSigner(wallet, provider)),
          {
            recipient: institution(hospital.number),
            purposes: ["TREAT", "COC"],
            dataClasses: "all",
            from: stage.consortium.clock.now(),
            until,
            deadline: until,
          },
        ),
      ),
    );
    const relay = (statement: Signed<"Grant">) => relayConsents(contracts.consentRegistry, [statement]);
    const relayed = await together(shuffleAcross(statements), relay);
    const granted = relayed.flat().filter((one) => "receipt" in one).length;
    return { got: `${granted} grants`, reason: `${wallets.size} patients, one transaction a wallet, shuffled` };
  });
  await stage.play("a doctor of that hospital reads", "served", async () => {
    const reader = await stage.reader(doctor, record, "COC");
    return servedOf(record, await reader.readRecord(record.id));
  });
}
