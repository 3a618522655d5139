import { submitConsent } from "../../../src/records/consent.js";
import { DataClass, type DataClassCode, type DataClassName, dataClassBits } from "../../../src/records/dataClass.js";
import { allRecords, oneRecord, wallet } from "../../../src/records/grant.js";
import { purposeBits } from "../../../src/records/purposeOfUse.js";
import type { SectionToSign } from "../../../src/records/signingRequest.js";
import { DAY } from "../../../src/utcDay.js";
import type { RegisteredRecord } from "../registration.js";
import { type Stage, servedOf } from "../stage.js";

/** Who may read what: patient, treating doctor, and a doctor of another hospital before, during and after consent. */
export async function playConsent(stage: Stage): Promise<void> {
  const record = stage.exemplary();
  const [foreign] = stage.foreignDoctors(record);
  if (!foreign) throw new Error("The scenes need a second institution with a doctor: give bundles of at least two.");
  const { doctor } = foreign;
  const read = async (purpose: "TREAT" | "HPAYMT" = "TREAT") =>
    servedOf(record, await (await stage.reader(doctor, record, purpose)).readRecord(record.id));

  await stage.play("a patient reads the own record", "served", async () => {
    const reader = await stage.reader({ signer: stage.patientOf(record) }, record, "PATRQT");
    return servedOf(record, await reader.readRecord(record.id));
  });
  await stage.play("the treating doctor reads it", "served", async () => {
    const reader = await stage.reader(record.doctor, record, "TREAT");
    return servedOf(record, await reader.readRecord(record.id));
  });
  await stage.play("a doctor of another hospital, before consent", "NoConsent", () => read());

  const [permitted, withheld] = splitClasses(record);
  const until = stage.today() + 10 * DAY;
  const terms = { purposes: purposeBits("TREAT"), dataClasses: dataClassBits(...permitted), from: 0, until };
  const scope = oneRecord(record.id);
  const recipient = wallet(doctor.signer.address);
  await stage.consent(record, "Grant", { scope, recipient, terms });

  await stage.play("the same doctor, after consent", "served", () => read());
  await stage.play("only the permitted classes come back, each section with a proof", namesOf(permitted), async () => {
    const served = await (await stage.reader(doctor, record, "TREAT")).readRecord(record.id);
    const paths = new Set(served.sections.map(({ path }) => path));
    const classes = record.request.sections.filter(({ path }) => paths.has(path)).map(({ dataClass }) => dataClass);
    const all = paths.size === record.request.sections.length;
    return {
      got: all ? "everything" : namesOf(classes),
      reason: `${paths.size} of ${record.request.sections.length} sections`,
    };
  });
  await stage.play("for another purpose", "PurposeNotCovered", () => read("HPAYMT"));
  await stage.play("a section of another class", "DataClassNotCovered", async () => {
    const reader = await stage.reader(doctor, record, "TREAT");
    await reader.readSection(withheld.resourceType, idOf(withheld), { recordId: record.id });
    return "served";
  });
  await stage.play("one second before `until`", "served", async () => {
    await stage.consortium.clock.travelTo(until - 1);
    return read();
  });
  await stage.play("at `until`", "ConsentEnded", async () => {
    await stage.consortium.clock.travelTo(until);
    return read();
  });

  const again = { ...terms, until: stage.today() + 10 * DAY };
  const everything = { scope: allRecords(), recipient, terms: again };
  const early = await stage.sign(record, "Grant", everything);
  await stage.consent(record, "Grant", { scope, recipient, terms: again });
  await stage.play("a new consent", "served", () => read());
  await stage.consent(record, "Revocation", { scope, recipient });
  await stage.play("after revocation", "ConsentRevoked", () => read());
  await stage.play("a consent signed before the revocation, sent after it", "ConsentSignatureRevoked", async () => {
    await submitConsent(stage.consortium.contracts.consentRegistry, early);
    return "granted";
  });
}

/** Half of the record's classes to be permitted, and a section of a class that is not. */
function splitClasses({ request }: RegisteredRecord): [DataClassCode[], SectionToSign] {
  const own = request.sections.filter(({ dataClass }) => dataClass < DataClass.Demographics);
  const classes = [...new Set(own.map(({ dataClass }) => dataClass))].sort((a, b) => b - a) as DataClassCode[];
  const permitted = classes.slice(0, Math.ceil(classes.length / 2));
  const withheld = own.find(({ dataClass }) => !permitted.includes(dataClass as DataClassCode));
  if (!withheld) throw new Error("The scenes need a record with sections of two classes.");
  return [permitted, withheld];
}

function idOf({ full }: SectionToSign): string {
  return String((JSON.parse(full.content) as { id?: unknown }).id);
}

function namesOf(classes: readonly number[]): string {
  const names = Object.keys(DataClass) as DataClassName[];
  return [...new Set(classes)]
    .sort((a, b) => a - b)
    .map((code) => names.find((name) => DataClass[name] === code) ?? String(code))
    .join(" ");
}
