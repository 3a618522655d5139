import type { ChildProcess } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { walletAddressAt, xpubOf } from "../../src/accounts/index.js";
import { tinyBundle } from "../records/tinyBundle.js";
import { ended, lineOf, Project, refusal } from "./project.js";

/** Addresses of the node's first accounts: everybody's index is the value of `--from`. */
export const accounts = {
  registrar: { from: "0", address: "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266" },
  hospital: { from: "1", address: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8" },
  doctor: { from: "2", address: "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC" },
  researcher: { from: "3", address: "0x90F79bf6EB2c4f870365E785982E1f101E93b906" },
  stranger: { from: "4", address: "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65" },
} as const;

/** The phrase of the one patient, who has no gas; wallets 0 and 1 have a record each, wallet 2 is certified. */
export const phrase = "legal winner thank year wave sausage worth useful legal winner thank yellow";
export const patientWallet = (index: number): string => walletAddressAt(xpubOf(phrase), index);

export const passphrase = "correct horse battery staple";
const patientIdentity = "http://hospital.example/mrn|MRN-7734-21";
const doctorIdentity = "http://hl7.org/fhir/sid/us-npi|9912345";
const hospitalIdentity = "http://registry.example/org|ORG-55-ALPHA";

/** A consortium that was set up by tasks alone, with a medical database that is running. */
export interface World {
  readonly project: Project;
  readonly service: ChildProcess;
  /** How a verb names the medical database. */
  readonly database: { readonly url: string; readonly institution: string };
  /** A record of the patient's wallet 0 that doctor and patient signed. */
  readonly accepted: string;
  /** A record of the patient's wallet 1 that nobody signed yet. */
  readonly waiting: string;
}

const secrets = { HEALTHCHAIN_MNEMONIC: phrase, HEALTHCHAIN_STORE_PASSPHRASE: passphrase };

/** Makes a world before the tests of the `describe` that calls this, and ends it after them. */
export function inWorld(use: (world: World) => void): void {
  let project: Project | undefined;
  let service: ChildProcess | undefined;

  before(async () => {
    Object.assign(process.env, secrets);
    project = await Project.start();
    const store = await registered(project);
    service = await startService(project, store);
    use(await peopled(project, service));
  });

  after(async () => {
    for (const name of Object.keys(secrets)) delete process.env[name];
    if (service !== undefined) await ended(service, "SIGINT");
    await project?.stop();
  });
}

/** A consortium with hospital, doctor and researcher. @returns the path of its accounts' store. */
async function registered(project: Project): Promise<string> {
  await project.run("deploy");
  const store = project.path("accounts.db");
  const register = (args: object) => project.run("accounts register", { store, ...args });
  await register({ identity: patientIdentity, xpub: xpubOf(phrase) });
  await register({ identity: hospitalIdentity, role: "Institution", wallet: accounts.hospital.address });
  await register({ identity: doctorIdentity, role: "Doctor", wallet: accounts.doctor.address });
  await certify(project, { store, wallet: accounts.hospital.address });
  await certify(project, { store, wallet: accounts.doctor.address, institution: "1" });
  await certify(project, { wallet: accounts.researcher.address, role: "Researcher", identity: "urn:orcid|0000" });
  return store;
}

/** Two records of a patient, in the database that is running: one signed and registered, one waiting. */
async function peopled(project: Project, service: ChildProcess): Promise<World> {
  const database = { url: await lineOf(service, /"url": "(.*)"/), institution: "1" };
  const [accepted, waiting] = await ingested(project, database);
  const sign = (from: string, id: string) => project.run("database sign", { ...database, from, ids: [id] });
  await sign(accounts.doctor.from, accepted);
  await sign(patientWallet(0), accepted);
  await project.run("records register", { ...database, from: accounts.hospital.from });
  await certify(project, { wallet: patientWallet(2), role: "Patient", identity: patientIdentity });
  return { project, service, database, accepted, waiting };
}

async function certify(project: Project, args: { readonly wallet: string } & Record<string, string>): Promise<void> {
  const out = project.path(`world-${args.wallet}.json`);
  await project.run("accounts certify", { ...args, out });
  await project.run("accounts enroll", { files: [out] });
}

async function startService(project: Project, store: string): Promise<ChildProcess> {
  const keyFile = project.path("hospital.key");
  await project.run("database new-key", { file: keyFile });
  const options = ["--institution", "1", "--organization", hospitalIdentity, "--file", project.path("hospital.db")];
  const others = ["--key-file", keyFile, "--store", store, "--port", "0", "--json", "--enroll-every", "1s"];
  return project.start(["database", "serve", ...options, ...others]);
}

/** The ids of the bundle's two records: of wallet 0, and of wallet 1. */
async function ingested(project: Project, database: World["database"]): Promise<[string, string]> {
  const file = project.path("bundle.json");
  await writeFile(file, tinyBundle());
  const { result } = await project.run("database ingest", { ...database, from: accounts.hospital.from, files: [file] });
  const ids = result.encounters.map(({ recordId }) => recordId);
  for (const wallet of [patientWallet(0), patientWallet(1)]) await enrolled(project, wallet);
  const { result: waiting } = await project.run("database requests", { ...database, from: patientWallet(0) });
  const first = waiting[0]?.id;
  const second = ids.find((id) => id !== first);
  if (first === undefined || second === undefined) throw new Error("The bundle has not two records.");
  return [first, second];
}

/** Waits for the service's next round, in which it enrolls the wallet. */
async function enrolled(project: Project, wallet: string): Promise<void> {
  for (let tries = 0; tries < 40; tries++) {
    if ((await refusal(project.run("accounts show", { account: wallet })).catch(() => "")) === "") return;
    await setTimeout(250);
  }
  throw new Error(`${wallet} was not enrolled.`);
}
