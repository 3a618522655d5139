import { RecordKey } from "../../database/envelope.js";
import type { MedicalDatabase } from "../../database/medicalDatabase.js";
import { LeafKind } from "../../src/records/index.js";

/**
 * Plays a dishonest operator, who has the keys: changes one byte of a stored section and seals it again, so that only its reader can
 * tell.
 *
 * @returns puts the section back
 */
export async function tamper({ storage, keyring }: MedicalDatabase, recordId: string): Promise<() => Promise<void>> {
  const { wrapped } = await storage
    .selectFrom("data_keys")
    .select("wrapped")
    .where("record_id", "=", recordId)
    .executeTakeFirstOrThrow();
  const leaf = await storage
    .selectFrom("leaves")
    .innerJoin("sections", (join) =>
      join.onRef("sections.record_id", "=", "leaves.record_id").onRef("sections.position", "=", "leaves.position"),
    )
    .select(["leaves.position", "leaves.sealed", "sections.path"])
    .where("leaves.record_id", "=", recordId)
    .where("leaves.kind", "=", LeafKind.Full)
    .orderBy("leaves.position")
    .executeTakeFirstOrThrow();
  const key = await RecordKey.open(recordId, wrapped, keyring);
  const { salt, bytes } = key.openLeaf(leaf.path, LeafKind.Full, leaf.sealed);
  const changed = new TextEncoder().encode(new TextDecoder().decode(bytes).replace(/[0-9](?=[^0-9]*$)/, otherDigit));
  const put = async (sealed: Uint8Array) => {
    const row = storage.updateTable("leaves").set({ sealed }).where("record_id", "=", recordId);
    await row.where("position", "=", leaf.position).where("kind", "=", LeafKind.Full).execute();
  };
  await put(key.sealLeaf(leaf.path, LeafKind.Full, { salt, bytes: changed }));
  return () => put(leaf.sealed);
}

function otherDigit(digit: string): string {
  return String((Number(digit) + 1) % 10);
}
