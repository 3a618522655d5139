import { Wallet } from "ethers";
import { Role } from "../../../src/accounts/index.js";
import { type Stage, servedOf } from "../stage.js";

const keyCompromise = 1;

/** Who is nobody: wallets without a certificate, or with one that is suspended or over. */
export async function playCertificates(stage: Stage): Promise<void> {
  const { center, contracts, clock, provider } = stage.consortium;
  const [record] = stage.records;
  if (!record) throw new Error("The scenes need a record.");
  const { doctor } = record;

  await stage.play("a wallet without certificate", "not-certified", async () => {
    const stranger = new Wallet(Wallet.createRandom().privateKey, provider);
    const reader = await stage.reader({ signer: stranger }, record, "TREAT");
    return servedOf(record, await reader.readRecord(record.id));
  });
  await stage.play("the treating doctor, suspended while logged in", "RequesterSuspended", async () => {
    const reader = await stage.reader(doctor, record, "TREAT");
    await (await contracts.accountCenter.suspend(doctor.signer.address, keyCompromise)).wait();
    try {
      return servedOf(record, await reader.readRecord(record.id));
    } finally {
      await (await contracts.accountCenter.reinstate(doctor.signer.address)).wait();
    }
  });
  await stage.play("a wallet whose certificate ends while it is logged in", "RequesterExpired", async () => {
    const identity = { system: "urn:healthchain:demo", value: "locum" };
    const expires = clock.seconds() + 300;
    const terms = { institution: record.hospital.number, expires: new Date(expires * 1000) };
    const locum = await center.certify(identity, Role.Doctor, terms);
    const reader = await stage.reader(locum, record, "TREAT");
    await clock.travelTo(expires);
    return servedOf(record, await reader.readRecord(record.id));
  });
}
