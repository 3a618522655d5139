import { expect } from "chai";
import { hashMessage, type Signer, Wallet } from "ethers";
import type { SiweMessage } from "siwe";
import { Role } from "../../src/accounts/role.js";
import { isJsonObject, objectsIn } from "../../src/records/json.js";
import { World } from "./world.js";

describe("login", () => {
  let world: World;
  let doctor: Signer;
  const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

  /** Why a login with these fields is refused, or `accepted`. */
  const outcomeWith = async (fields: Partial<SiweMessage>, signer = doctor): Promise<string> => {
    const message = await world.loginMessage(signer, fields);
    return outcomeOf(await world.logIn(message, await signer.signMessage(message)));
  };
  const outcomeOf = ({ status, body }: { status: number; body: unknown }): string => {
    if (status === 200) return "accepted";
    const [issue] = objectsIn(isJsonObject(body) ? body.issue : undefined);
    return /\((.*?)\)/.exec(JSON.stringify(issue?.details))?.[1] ?? `status ${status}`;
  };

  before(async () => {
    world = await World.create();
    doctor = world.chain.doctor;
  });
  after(() => world.close());

  it("gives a certified wallet a token for ten minutes and one purpose", async () => {
    const message = await world.loginMessage(doctor, {
      resources: ["https://example.org", "urn:healthchain:purpose:ETREAT"],
    });
    const { status, body } = await world.logIn(message, await doctor.signMessage(message));
    expect(status).to.equal(200);
    expect(body).to.include({ token_type: "Bearer", expires_in: 600, purpose: "ETREAT" });
    expect(isJsonObject(body) && body.access_token).to.match(/^[A-Za-z0-9_-]{43}$/);
  });

  it("does not let a token outlive the message", async () => {
    const message = await world.loginMessage(doctor, { expirationTime: at(2) });
    const { body } = await world.logIn(message, await doctor.signMessage(message));
    expect(isJsonObject(body) && body.expires_in).to.be.within(115, 120);
  });

  it("stores neither tokens nor nonces in the clear", async () => {
    const token = await world.token(doctor);
    const rows = await world.database.storage.selectFrom("sessions").selectAll().execute();
    expect(JSON.stringify(rows.map((row) => Buffer.from(row.token_hash).toString("base64url")))).to.not.include(token);
  });

  it("refuses what was signed for another domain, address, institution or chain", async () => {
    expect(await outcomeWith({ domain: "elsewhere.example" })).to.equal("wrong-domain");
    expect(await outcomeWith({ uri: `${world.service.url}/2/fhir` })).to.equal("wrong-uri");
    expect(await outcomeWith({ uri: "https://elsewhere.example/1/fhir" })).to.equal("wrong-uri");
    expect(await outcomeWith({ chainId: 1 })).to.equal("wrong-chain");
  });

  it("refuses messages without an end, not begun, over, or too long", async () => {
    const message = (await world.loginMessage(doctor)).replace(/\nExpiration Time: .*/, "");
    expect(outcomeOf(await world.logIn(message, await doctor.signMessage(message)))).to.equal("no-times");
    expect(await outcomeWith({ issuedAt: at(5), expirationTime: at(10) })).to.equal("not-now");
    expect(await outcomeWith({ notBefore: at(5) })).to.equal("not-now");
    expect(await outcomeWith({ issuedAt: at(-10), expirationTime: at(-1) })).to.equal("not-now");
    expect(await outcomeWith({ expirationTime: at(61) })).to.equal("too-long");
  });

  it("wants exactly one known purpose of use", async () => {
    for (const resources of [
      [],
      ["urn:healthchain:purpose:FUN"],
      ["urn:healthchain:purpose:"],
      ["urn:healthchain:purpose:toString"],
    ]) {
      expect(await outcomeWith({ resources })).to.equal("no-purpose");
    }
    const two = ["urn:healthchain:purpose:TREAT", "urn:healthchain:purpose:HMARKT"];
    expect(await outcomeWith({ resources: two })).to.equal("no-purpose");
  });

  it("takes a nonce once, of its own making, and not late", async () => {
    const message = await world.loginMessage(doctor);
    const signature = await doctor.signMessage(message);
    expect(outcomeOf(await world.logIn(message, signature))).to.equal("accepted");
    expect(outcomeOf(await world.logIn(message, signature))).to.equal("nonce-unknown");
    expect(await outcomeWith({ nonce: "0123456789abcdef0123456789abcdef" })).to.equal("nonce-unknown");
    const late = await world.loginMessage(doctor);
    world.ahead = 6 * 60_000;
    expect(outcomeOf(await world.logIn(late, await doctor.signMessage(late)))).to.equal("nonce-unknown");
    world.ahead = 0;
  });

  it("lets only one of many simultaneous logins with one nonce in", async () => {
    const message = await world.loginMessage(doctor);
    const signature = await doctor.signMessage(message);
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, async () => outcomeOf(await world.logIn(message, signature))),
    );
    expect(outcomes.filter((outcome) => outcome === "accepted")).to.have.length(1);
  });

  it("refuses another's signature, a broken one, and a changed message", async () => {
    const other = Wallet.createRandom();
    const first = await world.loginMessage(doctor);
    expect(outcomeOf(await world.logIn(first, await other.signMessage(first)))).to.equal("wrong-signature");
    for (const signature of ["", "0x", "0x00", `0x${"00".repeat(65)}`, "no hex"]) {
      expect(outcomeOf(await world.logIn(await world.loginMessage(doctor), signature))).to.equal("wrong-signature");
    }
    const message = await world.loginMessage(doctor);
    const changed = message.replace("purpose:TREAT", "purpose:HMARKT");
    expect(outcomeOf(await world.logIn(changed, await doctor.signMessage(message)))).to.equal("wrong-signature");
  });

  it("refuses text that is no ERC-4361 message", async () => {
    for (const text of ["", "hello", "\u0000", (await world.loginMessage(doctor)).toLowerCase()]) {
      expect(outcomeOf(await world.logIn(text, "0x"))).to.equal("malformed");
    }
  });

  it("refuses wallets without a good certificate", async () => {
    expect(await outcomeWith({}, world.chain.stranger)).to.equal("not-certified");
    const { accountCenter, registrar, clinic } = world.chain;
    await accountCenter.connect(registrar).suspend(clinic, 6);
    expect(await outcomeWith({}, clinic)).to.equal("not-certified");
  });

  it("lets a wallet in that is a contract and accepts the signature (ERC-1271)", async () => {
    const keeper = Wallet.createRandom();
    const contract = await world.chain.connection.ethers.deployContract("SmartWallet__MockForPatient", [
      keeper.address,
    ]);
    const address = await contract.getAddress();
    await world.chain.certify({ getAddress: async () => address } as Signer, Role.Patient);
    const message = await world.loginMessage({ getAddress: async () => address } as Signer);
    expect(hashMessage(message)).to.have.length(66);
    const other = await Wallet.createRandom().signMessage(message);
    expect(outcomeOf(await world.logIn(message, other))).to.equal("wrong-signature");
    const again = await world.loginMessage({ getAddress: async () => address } as Signer);
    expect(outcomeOf(await world.logIn(again, await keeper.signMessage(again)))).to.equal("accepted");
  });
});
