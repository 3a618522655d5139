import { RecordKey } from "../../database/envelope.js";
import type { MedicalDatabase } from "../../database/medicalDatabase.js";
import { LeafKind, type LeafKindCode } from "../../src/records/index.js";

/** What a dishonest operator changes. */
export interface Tampering {
  /** In which form of the section; the full one by default. */
  readonly kind?: LeafKindCode;
  /** Makes another text of the section's; by default its last digit becomes another one. */
  readonly change?: (text: string) => string;
}

/**
 * Plays a dishonest operator, who has the keys: changes the first section of a stored record and seals it again, so that only its reader
 * can tell.
 *
 * @returns puts the section back
 */
export async function tamper(
  { storage, keyring }: MedicalDatabase,
  recordId: string,
  { kind = LeafKind.Full, change = withAnotherDigit }: Tampering = {},
): Promise<() => Promise<void>> {
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
    .where("leaves.kind", "=", kind)
    .orderBy("leaves.position")
    .executeTakeFirstOrThrow();
  const key = await RecordKey.open(recordId, wrapped, keyring);
  const { salt, bytes } = key.openLeaf(leaf.path, kind, leaf.sealed);
  const changed = new TextEncoder().encode(change(new TextDecoder().decode(bytes)));
  const put = async (sealed: Uint8Array) => {
    const row = storage.updateTable("leaves").set({ sealed }).where("record_id", "=", recordId);
    await row.where("position", "=", leaf.position).where("kind", "=", kind).execute();
  };
  await put(key.sealLeaf(leaf.path, kind, { salt, bytes: changed }));
  return () => put(leaf.sealed);
}

function withAnotherDigit(text: string): string {
  return text.replace(/[0-9](?=[^0-9]*$)/, (digit) => String((Number(digit) + 1) % 10));
}
