import { auditEvents, verifyAuditChain } from "../../../database/audit.js";
import { Role } from "../../../src/accounts/index.js";
import { breakGlass, setBreakGlassRule } from "../../../src/records/emergency.js";
import type { RegisteredRecord } from "../registration.js";
import { type Stage, servedOf } from "../stage.js";

const needsAnother = "needs another record";

/** Breaking the glass: for one record, a few times a day, on the record, unless the patient said no. */
export async function playEmergency(stage: Stage): Promise<void> {
  const { contracts, service } = stage.consortium;
  const [record, ...others] = spread(stage);
  const [foreign] = record ? stage.foreignDoctors(record) : [];
  if (!record || !foreign) throw new Error("The scenes need a record that doctor and patient signed.");
  // A doctor of another institution whom nobody has granted anything.
  const identity = { system: "urn:healthchain:demo", value: "doctor on call" };
  const terms = { institution: foreign.hospital.number };
  const doctor = await stage.consortium.center.certify(identity, Role.Doctor, terms);
  const registry = contracts.consentRegistry.connect(doctor.signer);
  const read = async () => servedOf(record, await (await stage.reader(doctor, record, "ETREAT")).readRecord(record.id));

  await stage.play("an emergency without breaking the glass", "NoConsent", read);
  await stage.play("breaking the glass", "served, logged, event raised", async () => {
    const { receipt } = await breakGlass(registry, record.id, "PatientUnresponsive");
    await read();
    const raised = receipt.logs.some((log) => registry.interface.parseLog(log)?.name === "GlassBroken");
    const logged = await isLogged(stage, record.hospital.number, doctor.signer.address);
    return `served, ${logged ? "logged" : "not logged"}, ${raised ? "event raised" : "no event"}`;
  });
  const limited = others.length === 0 ? needsAnother : "BreakGlassLimitReached";
  await stage.play("beyond the day's limit", limited, async () => {
    if (others.length === 0) return needsAnother;
    const limit = await limitWithin(stage, others.length);
    for (const { id } of others.slice(0, limit)) await breakGlass(registry, id, "LifeThreat");
    return { got: "opened", reason: `${others.length} more records to open, ${limit} a day` };
  });
  await stage.play("a patient who opted out", "BreakGlassOptedOut", async () => {
    const optedOut = others[0] ?? record;
    await stage.consent(optedOut, "BreakGlassOptOut", { optedOut: true });
    await breakGlass(registry, optedOut.id, "LifeThreat");
    return "opened";
  });
  await stage.play("every institution's log of accesses", "unbroken", async () => {
    let events = 0;
    for (const database of service.institutions.values()) events += (await verifyAuditChain(database.storage)).length;
    return { got: "unbroken", reason: `${events} AuditEvents in ${service.institutions.size} hash chains` };
  });
}

/** The day's limit; the consortium lowers it where there are fewer records to open. */
async function limitWithin({ consortium }: Stage, records: number): Promise<number> {
  const registry = consortium.contracts.consentRegistry;
  const limit = Number(await registry.breakGlassDailyLimit());
  if (records === 0 || records >= limit) return limit;
  await setBreakGlassRule(registry, { dailyLimit: records, duration: Number(await registry.breakGlassDuration()) });
  return records;
}

/** All signed records: those of different patients first, last the one whose consents other scenes played with. */
function spread(stage: Stage): RegisteredRecord[] {
  const exemplary = stage.exemplary();
  const first = stage.onePerPatient();
  const rest = stage.records.filter((one) => one.signatures !== undefined && !first.includes(one));
  return [...[...first, ...rest].filter((one) => one !== exemplary), exemplary];
}

async function isLogged({ consortium }: Stage, institution: number, wallet: string): Promise<boolean> {
  const database = consortium.service.institutions.get(institution);
  if (!database) return false;
  const { length } = await verifyAuditChain(database.storage);
  const [event] = await auditEvents(database.storage, length, 1);
  const code = event?.purposeOfEvent[0].coding[0].code;
  return event?.agent[0].who.identifier.value === wallet && code === "ETREAT" && event.outcome === "0";
}
