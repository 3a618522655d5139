import { registerRecord } from "../../../src/records/register.js";
import { type Stage, servedOf } from "../stage.js";
import { tamper } from "../tamper.js";

/** What cannot be changed, repeated or taken: a record's bytes and its place in the index. */
export async function playIntegrity(stage: Stage): Promise<void> {
  const { contracts, service } = stage.consortium;
  const record = stage.records.find(({ signatures }) => signatures !== undefined);
  if (!record?.signatures) throw new Error("The scenes need a record that doctor and patient signed.");

  await stage.play("a byte changed in the database", "SectionTampered", async () => {
    const database = service.institutions.get(record.hospital.number);
    if (!database) return "no database";
    const restore = await tamper(database, record.id);
    try {
      const reader = await stage.reader(record.doctor, record, "TREAT");
      return servedOf(record, await reader.readRecord(record.id));
    } finally {
      await restore();
    }
  });
  await stage.play("the same database, restored", "served", async () => {
    const reader = await stage.reader(record.doctor, record, "TREAT");
    return servedOf(record, await reader.readRecord(record.id));
  });

  const signed = { request: record.request, signatures: record.signatures };
  await stage.play("the same record registered again", "RecordAlreadyRegistered", async () => {
    await registerRecord(contracts.recordRegistry.connect(record.hospital.signer), signed);
    return "registered";
  });
}
