import { institution, oneRecord } from "../../../src/records/grant.js";
import { purposeBits } from "../../../src/records/purposeOfUse.js";
import { acceptanceStatement, recordDomain, signWord } from "../../../src/records/recordSignatures.js";
import { acceptRecordBySig } from "../../../src/records/register.js";
import { ALL_SECTION_CLASSES } from "../../../src/records/terms.js";
import { DAY } from "../../../src/utcDay.js";
import { type Stage, servedOf } from "../stage.js";

const tooFew = "needs three records";

/** Earlier records that only the institution and its doctor vouch for: good for treatment, nothing else, until the patient speaks. */
export async function playBackfill(stage: Stage): Promise<void> {
  const { contracts, chainId } = stage.consortium;
  const record = stage.records.find(({ signatures }) => signatures === undefined);
  const [foreign] = record ? stage.foreignDoctors(record) : [];
  if (!record || !foreign) return stage.play("an asserted record", tooFew, async () => tooFew);
  const terms = {
    purposes: purposeBits("TREAT"),
    dataClasses: ALL_SECTION_CLASSES,
    from: 0,
    until: stage.today() + 30 * DAY,
  };
  const grant = async () => {
    const recipient = institution(foreign.hospital.number);
    await stage.consent(record, "Grant", { scope: oneRecord(record.id), recipient, terms });
    return "granted";
  };

  await stage.play("an asserted record, read by the treating doctor", "served", async () => {
    const reader = await stage.reader(record.doctor, record, "TREAT");
    return servedOf(record, await reader.readRecord(record.id));
  });
  await stage.play("an asserted record, granted", "ConsentRecordNotAccepted", grant);
  await stage.play("accepted by its patient, granted and read by the other hospital", "served", async () => {
    const registry = contracts.recordRegistry;
    const domain = recordDomain(chainId, await registry.getAddress());
    const word = { id: record.id, deadline: stage.today() + 30 * DAY };
    await acceptRecordBySig(registry, await signWord(stage.patientOf(record), domain, acceptanceStatement, word));
    await grant();
    const reader = await stage.reader(foreign.doctor, record, "TREAT");
    return servedOf(record, await reader.readRecord(record.id));
  });
}
