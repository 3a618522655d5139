import { randomBytes, ZeroHash } from "ethers";
import { Role } from "../../src/accounts/index.js";
import { allotEmission } from "../../src/coin/index.js";
import { signTyped } from "../../src/eip712.js";
import { DataClass, dataClassBits } from "../../src/records/dataClass.js";
import { oneRecord, recordsOfClass, role, type Scope, wallet } from "../../src/records/grant.js";
import { packSubject } from "../../src/records/indexedRecord.js";
import { PurposeOfUse, purposeBits } from "../../src/records/purposeOfUse.js";
import { headerHash, recordId } from "../../src/records/recordId.js";
import { recordBatchStatement, recordDomain, recordStatement } from "../../src/records/recordSignatures.js";
import { DAY } from "../../src/utcDay.js";
import type { Consortium } from "./consortium.js";
import { callRow, type Row, transactionRow } from "./row.js";
import { type Cost, costOf } from "./trace.js";

const doctorNumber = 1;
const institution = 1;
const random = () => `0x${Buffer.from(randomBytes(32)).toString("hex")}`;

/** All rows, in the order in which the operations build on each other. */
export async function measureOperations(consortium: Consortium, progress: (op: string) => void): Promise<Row[]> {
  const rows: Row[] = [];
  const add = (row: Row) => {
    progress(row.op);
    rows.push(row);
  };
  const { id, cost } = await register(consortium);
  add(
    transactionRow("register", cost, {
      aim: 85_000,
      reference: "IPEHR's index, also signed: 288,600 growing to 404,600",
    }),
  );
  add(transactionRow("registerBatch", await registerBatch(consortium), { aim: 30_000 }, consortium.patients.length));
  add(
    transactionRow("grant", await grant(consortium, recordsOfClass(DataClass.AmbulatoryRecord)), {
      aim: 56_000,
      reference: "the best grant found, with neither purpose nor period: 69,200; IPEHR 243,300",
    }),
  );
  add(
    transactionRow("grantRecord", await grant(consortium, oneRecord(id)), {
      aim: 61_000,
      reference: "the best grant found, with neither purpose nor period: 69,200; IPEHR 243,300",
    }),
  );
  add(transactionRow("revoke", await revoke(consortium, id), { aim: 35_000 }));
  for (const row of await decisions(consortium, id)) add(row);
  add(transactionRow("transfer", await transfer(consortium), { aim: 34_500 }));
  return rows;
}

async function register(consortium: Consortium): Promise<{ id: string; cost: Cost }> {
  const { connection, contracts, hospital, doctor, patient, today } = consortium;
  const { chainId } = await connection.ethers.provider.getNetwork();
  const registry = await contracts.recordRegistry.getAddress();
  const header = { patient: patient.address, recordedAt: today, dataClass: DataClass.AmbulatoryRecord, salt: random() };
  const sectionsRoot = random();
  const id = recordId(headerHash({ chainId, registry, doctor: doctorNumber, institution, ...header }), sectionsRoot);
  const deadline = today + 2 * DAY;
  const message = { id, supersedes: ZeroHash, deadline };
  const domain = recordDomain(chainId, registry);
  const sent = await contracts.recordRegistry.connect(hospital).register({ ...header, sectionsRoot }, doctor.address, {
    deadline,
    patient: await signTyped(patient, domain, recordStatement, message),
    doctor: await signTyped(doctor, domain, recordStatement, message),
  });
  return { id, cost: await costOf(connection.ethers.provider, sent.hash) };
}

/** Earlier records of as many patients, each with a certificate of its own, as a hospital's backfill has them. */
async function registerBatch(consortium: Consortium): Promise<Cost> {
  const { connection, contracts, hospital, doctor, patients, today } = consortium;
  const { chainId } = await connection.ethers.provider.getNetwork();
  const registry = await contracts.recordRegistry.getAddress();
  const records = patients.map(({ address }) => ({
    subject: { patient: address, recordedAt: today, dataClass: DataClass.AmbulatoryRecord },
    salt: random(),
    sectionsRoot: random(),
  }));
  const ids = records.map(({ subject, salt, sectionsRoot }) =>
    recordId(headerHash({ chainId, registry, doctor: doctorNumber, institution, ...subject, salt }), sectionsRoot),
  );
  const deadline = today + 2 * DAY;
  const signature = await signTyped(doctor, recordDomain(chainId, registry), recordBatchStatement, { ids, deadline });
  const items = records.map(({ subject, ...rest }) => ({ subject: packSubject(subject), ...rest }));
  const sent = await contracts.recordRegistry
    .connect(hospital)
    .registerBatch(doctor.address, items, deadline, signature);
  return costOf(connection.ethers.provider, sent.hash);
}

const terms = ({ today }: Consortium) => ({
  purposes: purposeBits("TREAT", "COC"),
  dataClasses: dataClassBits(DataClass.Laboratory, DataClass.VitalSigns, DataClass.Medications),
  from: today,
  until: today + 90 * DAY,
});

async function grant(consortium: Consortium, scope: Scope): Promise<Cost> {
  const { connection, contracts, patient, colleague } = consortium;
  const registry = contracts.consentRegistry.connect(patient);
  const sent = await registry.grant(scope, wallet(colleague.address), terms(consortium));
  return costOf(connection.ethers.provider, sent.hash);
}

/** The second revocation, so that the patient's consent counter is not zero. */
async function revoke(consortium: Consortium, id: string): Promise<Cost> {
  const { connection, contracts, patient, colleague } = consortium;
  const registry = contracts.consentRegistry.connect(patient);
  await (await registry.revoke(recordsOfClass(DataClass.AmbulatoryRecord), wallet(colleague.address))).wait();
  const sent = await registry.revoke(oneRecord(id), wallet(colleague.address));
  return costOf(connection.ethers.provider, sent.hash);
}

/** The grant that covers is the last of the nine that a search looks at. */
async function decisions(consortium: Consortium, id: string): Promise<Row[]> {
  const { connection, contracts, patient, colleague } = consortium;
  const registry = contracts.consentRegistry;
  const admitted = role(Role.Doctor);
  await (await registry.connect(patient).grant(oneRecord(id), admitted, terms(consortium))).wait();
  const key = await registry.grantKeyOf(patient.address, oneRecord(id), admitted);
  const request = [id, colleague.address, PurposeOfUse.TREAT, DataClass.Laboratory] as const;
  const ask = async (data: string) => {
    const sent = await colleague.sendTransaction({ to: await registry.getAddress(), data });
    return costOf(connection.ethers.provider, sent.hash);
  };
  const { interface: abi } = registry;
  const searching = await ask(abi.encodeFunctionData("isPermitted(bytes32,address,uint8,uint8)", [...request]));
  const byKey = await ask(
    abi.encodeFunctionData("isPermitted(bytes32,bytes32,address,uint8,uint8)", [key, ...request]),
  );
  return [
    callRow("isPermitted", searching, {
      aim: 40_000,
      reason: "a call: nine keys are hashed, and nothing is written beside which that would vanish",
      reference: "LUCE's access check, which knows neither purpose nor class nor period: 36,600",
    }),
    callRow("isPermittedByKey", byKey, {
      aim: 16_000,
      reason:
        "a call: four slots and two contracts are read, and nothing is written beside which the hashing would vanish",
    }),
  ];
}

async function transfer({ connection, contracts, patient, colleague }: Consortium): Promise<Cost> {
  const coin = contracts.medicalCoin;
  const [operator] = await connection.ethers.getSigners();
  if (!operator) throw new Error("The network has no account.");
  await allotEmission(coin, operator.address, 1_000n);
  await (await coin.mint(patient.address, 500n)).wait();
  await (await coin.mint(colleague.address, 500n)).wait();
  const sent = await coin.connect(patient).transfer(colleague.address, 100n);
  return costOf(connection.ethers.provider, sent.hash);
}
