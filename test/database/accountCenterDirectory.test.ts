import { join } from "node:path";
import { expect } from "chai";
import { Wallet } from "ethers";
import { AccountCenterDirectory } from "../../database/accountCenterDirectory.js";
import { WalletUnknown } from "../../database/index.js";
import { isActiveAt, unpackAccount } from "../../src/accounts/certifiedAccount.js";
import { type AccountStore, openStore, Role, walletAddressAt, xpubOf } from "../../src/accounts/index.js";
import { type Chain, createChain, rejection, temporaryFolder } from "./world.js";

const patient = { system: "urn:patients", value: "1" };
const doctor = { system: "urn:doctors", value: "1" };
const researcher = { system: "urn:researchers", value: "1" };
const phrase = Wallet.createRandom().mnemonic?.phrase ?? "";

describe("AccountCenterDirectory", () => {
  let chain: Chain;
  let store: AccountStore;
  let directory: AccountCenterDirectory;
  const folder = temporaryFolder();
  before(async () => {
    chain = await createChain();
    store = openStore({ path: join(folder.path, "accounts.db"), key: new Uint8Array(32).fill(7) });
    store.registerPatient(patient, xpubOf(phrase));
    store.registerProfessional(doctor, Role.Doctor, await chain.doctor.getAddress());
    store.registerProfessional(researcher, Role.Researcher, await chain.researcher.getAddress());
    directory = new AccountCenterDirectory({
      store,
      accountCenter: chain.accountCenter,
      registrar: chain.registrar,
      attending: new Map([[1, await chain.doctor.getAddress()]]),
      expires: (now) => new Date(now.getTime() + 86_400_000),
    });
  });
  after(async () => {
    store.close();
    folder.remove();
    await chain.connection.close();
  });

  it("gives each encounter the patient's next wallet, certified, and the same encounter the same", async () => {
    const wallets = await Promise.all(["0x01", "0x02", "0x01"].map((key) => directory.patientWallet([patient], key)));
    expect(wallets).to.deep.equal([0, 1, 0].map((index) => walletAddressAt(xpubOf(phrase), index)));
    for (const wallet of wallets) {
      const account = unpackAccount(BigInt(await chain.accountCenter.accounts(wallet)));
      expect(account.role).to.equal("Patient");
      expect(isActiveAt(account, Date.now() / 1000)).to.equal(true);
      expect(
        store.findByWallet(wallet)?.certificates.some(({ certificate }) => certificate.wallet === wallet),
      ).to.equal(true);
    }
  });

  it("finds people by any of their identifiers, also among some that nobody could be registered under", async () => {
    const unusable = { system: "", value: " 1" };
    const unknown = { system: "urn:patients", value: "2" };
    const wallet = await directory.patientWallet([unusable, unknown, patient], "0x03");
    expect(wallet).to.equal(walletAddressAt(xpubOf(phrase), 2));
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
    expect(await directory.patientWallet([patient], "0x09")).to.equal(walletAddressAt(xpubOf(phrase), 3));
  });
});
