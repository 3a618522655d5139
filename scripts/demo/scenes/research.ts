import { Role } from "../../../src/accounts/index.js";
import { oneRecord, role } from "../../../src/records/grant.js";
import { findLeaks, LeafKind } from "../../../src/records/index.js";
import { purposeBits } from "../../../src/records/purposeOfUse.js";
import { ALL_SECTION_CLASSES } from "../../../src/records/terms.js";
import { DAY } from "../../../src/utcDay.js";
import type { Stage } from "../stage.js";
import { together } from "../together.js";

/** What research gets: de-identified leaves that verify against the same record and name nobody. */
export async function playResearch(stage: Stage): Promise<void> {
  const { center } = stage.consortium;
  const researcher = await center.certify({ system: "urn:healthchain:demo", value: "researcher" }, Role.Researcher);
  const shared = stage.onePerPatient();
  const until = stage.today() + 30 * DAY;
  const terms = { purposes: purposeBits("HRESCH"), dataClasses: ALL_SECTION_CLASSES, from: 0, until };
  await together(shared, (record) =>
    stage.consent(record, "Grant", { scope: oneRecord(record.id), recipient: role(Role.Researcher), terms }),
  );
  await stage.play("de-identified sections verify and hold no identifier", "0 leaks", async () => {
    let leaves = 0;
    let leaks = 0;
    for (const record of shared) {
      const reader = await stage.reader(researcher, record, "HRESCH");
      const { sections } = await reader.readRecord(record.id, { leaf: "deidentified" });
      const forms = sections.filter(({ kind }) => kind === LeafKind.Deidentified).map(({ bytes }) => bytes);
      if (forms.length !== sections.length) return "a full leaf was served";
      const file = stage.fileOf(record);
      if (!file) return "the record has no source";
      leaks += findLeaks(file.bundle, forms).length;
      leaves += forms.length;
    }
    if (leaves === 0) return "nothing was served";
    return { got: `${leaks} leaks`, reason: `${leaves} leaves of ${shared.length} patients searched, each proved` };
  });
  await stage.play("research asks for the full leaves", "suppressed", async () => {
    const [record] = shared;
    if (!record) return "no record";
    await (await stage.reader(researcher, record, "HRESCH")).readRecord(record.id, { leaf: "full" });
    return "served";
  });
}
