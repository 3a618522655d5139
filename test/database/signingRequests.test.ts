import { expect } from "chai";
import { type BaseContract, type Signer, Wallet } from "ethers";
import {
  DatabaseRefused,
  fetchRequest,
  fetchSignedRequest,
  NotSignedYet,
  signWaiting,
  waitingRequests,
} from "../../database/index.js";
import { Role } from "../../src/accounts/role.js";
import { recordStatement } from "../../src/records/recordSignatures.js";
import { registerRecord } from "../../src/records/register.js";
import { domainOfRequest } from "../../src/records/signingRequest.js";
import { condition, tinyBundle, uuid, VISIT } from "../records/tinyBundle.js";
import { rejection, World } from "./world.js";

describe("signing requests", () => {
  let world: World;

  beforeEach(async () => {
    world = await World.create();
  });
  afterEach(() => world.close());

  it("wait for both, whoever signs first, and come to the institution when both have", async () => {
    const [id = ""] = await world.ingest(tinyBundle());
    const { doctor, hospital } = world.chain;
    const patient = await world.patientOf(id);
    await signWaiting(await world.session(patient), id, patient);
    const [mine] = await waitingRequests(await world.session(patient));
    expect(mine).to.deep.equal({ id, state: "pending", signedBy: ["patient"] });
    const session = await world.session(hospital);
    expect(await waitingRequests(session)).to.deep.equal([]);
    expect(await rejection(fetchSignedRequest(session, id))).to.be.instanceOf(NotSignedYet);
    await signWaiting(await world.session(doctor), id, doctor);
    await signWaiting(await world.session(doctor), id, doctor);
    expect(await waitingRequests(session)).to.deep.equal([{ id, state: "signed", signedBy: ["patient", "doctor"] }]);
  });

  it("come also where they are larger than a bundle that is taken in, for quotes take more room in them", async () => {
    const text = '"'.repeat(1_000_000);
    const noted = Array.from({ length: 5 }, (_, place) => condition(uuid(100 + place), VISIT, { note: [{ text }] }));
    const [id = ""] = await world.ingest(tinyBundle(...noted));
    const { sections } = await fetchRequest(await world.session(world.chain.doctor), id);
    const contents = sections.map(({ full }) => full.content).filter((content) => content.includes("note"));
    // Each quote takes two bytes in the bundle, and four in the request.
    expect(contents.map(({ length }) => length > 2_000_000)).to.deep.equal([true, true, true, true, true]);
  });

  it("do not take a signature over something else, or another's", async () => {
    const [id = "", other = ""] = await world.ingest(tinyBundle());
    const session = await world.session(world.chain.doctor);
    const patient = await world.patientOf(id);
    const request = await fetchRequest(session, id);
    const { supersedes, deadline } = request;
    const sign = (signer: Signer, message: object) =>
      signer.signTypedData({ ...domainOfRequest(request) }, recordStatement.types, {
        id,
        supersedes,
        deadline,
        ...message,
      });
    const signatures = [
      await sign(world.chain.doctor, { id: other }),
      await sign(world.chain.doctor, { deadline: deadline + 1 }),
      await sign(patient, {}),
    ];
    for (const signature of signatures) {
      const sending = session.post(`/SigningRequest/${id}/$sign`, JSON.stringify({ signature }));
      expect(await rejection(sending))
        .to.be.instanceOf(DatabaseRefused)
        .with.property("status", 422);
    }
    expect((await waitingRequests(session)).every(({ signedBy }) => signedBy.length === 0)).to.equal(true);
  });

  it("take the signature of a patient whose wallet is a contract (ERC-1271)", async () => {
    const keeper = Wallet.createRandom();
    const { ethers } = world.chain.connection;
    const contract: BaseContract = await ethers.deployContract("SmartWallet__MockForPatient", [keeper.address]);
    const address = await contract.getAddress();
    const owner = {
      getAddress: async () => address,
      signMessage: (text: string) => keeper.signMessage(text),
    } as Signer;
    await world.chain.certify(owner, Role.Patient);
    const walletDirectory = { patientWallet: async () => address, doctorWallet: () => world.wallets.doctorWallet() };
    await world.start({ walletDirectory });
    const [id = ""] = await world.ingest(tinyBundle());
    const session = await world.session(owner);
    const request = await fetchRequest(session, id);
    const { supersedes, deadline } = request;
    const domain = { ...domainOfRequest(request) };
    const signature = await keeper.signTypedData(domain, recordStatement.types, { id, supersedes, deadline });
    await session.post(`/SigningRequest/${id}/$sign`, JSON.stringify({ signature }));
    await signWaiting(await world.session(world.chain.doctor), id, world.chain.doctor);
    const signed = await fetchSignedRequest(await world.session(world.chain.hospital), id);
    await registerRecord(world.chain.recordRegistry.connect(world.chain.hospital), signed);
    expect((await world.chain.recordRegistry.describe(id)).patient).to.equal(address);
  });
});
