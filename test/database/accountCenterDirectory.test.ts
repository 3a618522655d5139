import { join } from "node:path";
import { expect } from "chai";
import { type Signer, VoidSigner, Wallet } from "ethers";
import { AccountCenterDirectory, EnrolmentIncomplete, WalletUnknown } from "../../database/index.js";
import { isActiveAt, unpackAccount } from "../../src/accounts/certifiedAccount.js";
import { type AccountStore, openStore, Role, walletAddressAt, xpubOf } from "../../src/accounts/index.js";
import { type Chain, createChain, rejection, temporaryFolder } from "./world.js";

const patient = { system: "urn:patients", value: "1" };
const doctor = { system: "urn:doctors", value: "1" };
const researcher = { system: "urn:researchers", value: "1" };
const neighbour = { system: "urn:patients", value: "3" };
const phrase = Wallet.createRandom().mnemonic?.phrase ?? "";

const neighbourPhrase = Wallet.createRandom().mnemonic?.phrase ?? "";

describe("AccountCenterDirectory", () => {
  let chain: Chain;
  let store: AccountStore;
  let directory: AccountCenterDirectory;
  let attending: string;
  const folder = temporaryFolder();
  const directoryWith = (registrar: Signer = chain.registrar) =>
    new AccountCenterDirectory({
      store,
      accountCenter: chain.accountCenter,
      registrar,
      attending: new Map([[1, attending]]),
      expires: (now) => new Date(now.getTime() + 86_400_000),
    });
  /** The patients' wallets in the order in which the chain saw them. */
  const enrolledWallets = async () => {
    const { accountCenter } = chain;
    const events = await accountCenter.queryFilter(accountCenter.filters.AccountEnrolled());
    return events.map(({ args }) => args.wallet);
  };
  const accountOf = async (wallet: string) => unpackAccount(BigInt(await chain.accountCenter.accounts(wallet)));
  before(async () => {
    chain = await createChain();
    store = openStore({ path: join(folder.path, "accounts.db"), key: new Uint8Array(32).fill(7) });
    store.registerPatient(patient, xpubOf(phrase));
    store.registerPatient(neighbour, xpubOf(neighbourPhrase));
    store.registerProfessional(doctor, Role.Doctor, await chain.doctor.getAddress());
    store.registerProfessional(researcher, Role.Researcher, await chain.researcher.getAddress());
    attending = await chain.doctor.getAddress();
    directory = directoryWith();
  });
  after(async () => {
    store.close();
    folder.remove();
    await chain.connection.close();
  });

  it("gives each encounter the patient's next wallet at once, and the same encounter the same", async () => {
    const wallets = await Promise.all(["0x01", "0x02", "0x01"].map((key) => directory.patientWallet([patient], key)));
    expect(wallets).to.deep.equal([0, 1, 0].map((index) => walletAddressAt(xpubOf(phrase), index)));
    for (const wallet of wallets) expect((await accountOf(wallet)).status).to.equal("None");
  });

  it("enrolls in a round what waits of all patients, in an order that is not that of ingest, and keeps the certificates", async () => {
    const order = [];
    for (const [index, who] of [patient, patient, patient, neighbour, neighbour, neighbour].entries()) {
      order.push(await directory.patientWallet([who], `0x1${index}`));
    }
    const before = await enrolledWallets();
    // A round in ingest order would happen once in 40,320 by chance.
    const waiting = [0, 1].map((index) => walletAddressAt(xpubOf(phrase), index)).concat(order);
    expect(await directory.enrollRound()).to.equal(waiting.length);
    const wallets = (await enrolledWallets()).slice(before.length);
    expect(wallets).to.have.members(waiting).and.not.deep.equal(waiting);
    for (const wallet of wallets) {
      const account = await accountOf(wallet);
      expect(account.role).to.equal("Patient");
      expect(isActiveAt(account, Date.now() / 1000)).to.equal(true);
      expect(
        store.findByWallet(wallet)?.certificates.some(({ certificate }) => certificate.wallet === wallet),
      ).to.equal(true);
    }
    expect(await directory.enrollRound()).to.equal(0);
  });

  it("goes on after a restart, and does not enroll again what the chain knows", async () => {
    const wallet = await directory.patientWallet([patient], "0x20");
    const certifiedElsewhere = await directory.patientWallet([neighbour], "0x21");
    await chain.certify(new VoidSigner(certifiedElsewhere), Role.Patient);
    expect(await directoryWith().enrollRound()).to.equal(1);
    expect((await accountOf(wallet)).status).to.equal("Active");
  });

  it("waits for another directory of the same registrar, so that no two transactions take one nonce", async () => {
    const wallets = [];
    for (let index = 0; index < 4; index++) wallets.push(await directory.patientWallet([patient], `0x3${index}`));
    const counts = await Promise.all([directory.enrollRound(), directoryWith().enrollRound()]);
    expect(counts).to.deep.equal([4, 0]);
    for (const wallet of wallets) expect((await accountOf(wallet)).status).to.equal("Active");
  });

  it("keeps what could not be enrolled for the next round, and ends early when told to", async () => {
    const wallet = await directory.patientWallet([patient], "0x40");
    const error = await rejection(directoryWith(chain.stranger).enrollRound());
    expect(error)
      .to.be.instanceOf(EnrolmentIncomplete)
      .with.property("message")
      .that.matches(/^1 of \d wallets/);
    expect(await directory.enrollRound(AbortSignal.abort())).to.equal(0);
    expect((await accountOf(wallet)).status).to.equal("None");
    expect(await directory.enrollRound()).to.equal(1);
  });

  it("finds people by any of their identifiers, also among some that nobody could be registered under", async () => {
    const unusable = { system: "", value: " 1" };
    const unknown = { system: "urn:patients", value: "2" };
    const wallet = await directory.patientWallet([unusable, unknown, patient], "0x03");
    expect(store.findByWallet(wallet)?.identity).to.deep.equal(patient);
  });

  it("knows a doctor's wallet and number, and the attending physician of an institution", async () => {
    const expected = { wallet: await chain.doctor.getAddress(), number: 1 };
    expect(await directory.doctorWallet([doctor], 1)).to.deep.equal(expected);
    expect(await directory.doctorWallet(undefined, 1)).to.deep.equal(expected);
  });

  it("says whom it does not know, and forgets the failure", async () => {
    const stranger = { system: "urn:patients", value: "9" };
    expect(await rejection(directory.patientWallet([stranger], "0x09"))).to.be.instanceOf(WalletUnknown);
    expect(await rejection(directory.patientWallet([doctor], "0x09"))).to.be.instanceOf(WalletUnknown);
    expect(await rejection(directory.doctorWallet([stranger], 1))).to.be.instanceOf(WalletUnknown);
    expect(await rejection(directory.doctorWallet([patient], 1))).to.be.instanceOf(WalletUnknown);
    expect(await rejection(directory.doctorWallet([researcher], 1))).to.be.instanceOf(WalletUnknown);
    expect(await rejection(directory.doctorWallet(undefined, 2))).to.be.instanceOf(WalletUnknown);
    const wallet = await directory.patientWallet([patient], "0x09");
    expect(store.findByWallet(wallet)?.identity).to.deep.equal(patient);
  });
});
