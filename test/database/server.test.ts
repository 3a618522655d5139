import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { expect } from "chai";
import {
  type InstitutionOptions,
  InstitutionOptionsInvalid,
  KeyUnwrapFailed,
  startDatabase,
} from "../../database/index.js";
import { openMedicalDatabase } from "../../database/medicalDatabase.js";
import { ORGANIZATION, rejection, temporaryFolder, World } from "./world.js";

describe("the service", () => {
  let world: World;
  const folder = temporaryFolder();
  const institution = (number: number, file = ":memory:", kek = randomBytes(32)): InstitutionOptions => {
    return { number, name: `Institution ${number}`, organization: ORGANIZATION, file, kek };
  };
  const start = async (...institutions: InstitutionOptions[]) => {
    const { accountCenter, recordRegistry, consentRegistry, connection } = world.chain;
    const addresses = {
      accountCenter: await accountCenter.getAddress(),
      recordRegistry: await recordRegistry.getAddress(),
      consentRegistry: await consentRegistry.getAddress(),
    };
    const chain = { provider: connection.ethers.provider, addresses };
    return startDatabase({ port: 0, institutions, chain, walletDirectory: world.wallets });
  };

  before(async () => {
    world = await World.create();
  });
  after(async () => {
    await world.close();
    folder.remove();
  });

  it("serves many institutions, and a token counts at one only", async () => {
    const both = [institution(1), institution(2)] as const;
    await world.start({ institutions: both });
    const token = await world.token(world.chain.doctor);
    const statusAt = async (number: number) => {
      const headers = { authorization: `Bearer ${token}` };
      return (await fetch(`${world.service.url}/${number}/fhir/SigningRequest`, { headers })).status;
    };
    expect([await statusAt(1), await statusAt(2), await statusAt(3)]).to.deep.equal([200, 401, 404]);
  });

  it("starts with all of its files or not at all, and leaves none open", async () => {
    const file = join(folder.path, "one.sqlite");
    const other = join(folder.path, "two.sqlite");
    const kek = randomBytes(32);
    await (await openMedicalDatabase(institution(2, other))).close();
    expect(await rejection(start(institution(1, file, kek), institution(2, other)))).to.be.instanceOf(KeyUnwrapFailed);
    expect(await rejection(start(institution(1, file, kek), institution(1, other)))).to.be.instanceOf(
      InstitutionOptionsInvalid,
    );
    const running = await start(institution(1, file, kek));
    await running.close();
  });

  it("closes once, however often it is told", async () => {
    const running = await start(institution(1));
    await Promise.all([running.close(), running.close()]);
    await running.close();
    expect(await rejection(fetch(`${running.url}/1/fhir/metadata`))).to.be.instanceOf(Error);
  });
});
