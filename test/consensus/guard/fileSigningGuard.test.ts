import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Wallet } from "ethers";
import {
  SigningGuardDamaged,
  SigningGuardExists,
  SigningGuardInUse,
  SigningGuardMissing,
  SigningGuardUnwritable,
} from "../../../src/consensus/guard/errors.js";
import { FileSigningGuard } from "../../../src/consensus/guard/fileSigningGuard.js";
import { AlreadySigned } from "../../../src/consensus/guard/signingRecord.js";
import { Phase } from "../../../src/consensus/statement.js";
import { certifierDomain } from "../../../src/consensus/vote.js";
import { rejection } from "../../enrolled.js";
import { B } from "../validators.js";
import { signingKey, vote } from "./key.js";

describe("consensus/guard/fileSigningGuard", () => {
  let folder: string;
  let file: string;
  const options = () => ({ file, ...signingKey });

  /** A guard that signed a comparison, closed. */
  async function used(): Promise<void> {
    const guard = await FileSigningGuard.create(options());
    await guard.signVote(vote({ phase: Phase.Comparison }));
    await guard.close();
  }

  const openingError = () => rejection(FileSigningGuard.open(options()));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "guard-"));
    file = join(folder, "guard.json");
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("can be read by its user only", async () => {
    await used();
    for (const path of [file, `${file}.lock`]) expect(statSync(path).mode & 0o777).to.equal(0o600);
  });

  it("is made once, and must be there to be opened", async () => {
    expect(await openingError())
      .to.be.instanceOf(SigningGuardMissing)
      .with.property("message")
      .that.includes("create");
    await used();
    const error = await rejection(FileSigningGuard.create(options()));
    expect(error).to.be.instanceOf(SigningGuardExists).with.property("message").that.includes("open that one");
    await (await FileSigningGuard.open(options())).close();
  });

  it("is in one place of a process only, by whichever path", async () => {
    await used();
    const guard = await FileSigningGuard.open(options());
    expect(await openingError()).to.be.instanceOf(SigningGuardInUse);
    symlinkSync(file, join(folder, "link.json"));
    const byLink = FileSigningGuard.open({ ...options(), file: join(folder, "link.json") });
    expect(await rejection(byLink)).to.be.instanceOf(SigningGuardInUse);
    await guard.close();
    await (await FileSigningGuard.open(options())).close();
  });

  it("does not start on a damaged file, and leaves it as it is", async () => {
    await used();
    const whole = readFileSync(file, "utf8");
    const vandalised = [
      "",
      "null",
      whole.slice(0, -10),
      whole.replace('"format": 1', '"format": 2'),
      whole.replace('"round": 2', '"round": 1'),
      whole.replace('"height": 5', '"height": 4'),
      whole.replace('"phase": 2', '"phase": 1'),
      whole.replace(/"signature": "0x../, '"signature": "0x00'),
      whole.replace(/"lock": \{[\s\S]*\}\n/, '"lock": 5\n'),
      whole.replace(/"lock": \{[\s\S]*\}\n/, '"lock": null\n}\n'),
      whole.replace(/"last": \{[\s\S]*\},\n {2}"lock"/, '"last": null,\n  "lock"'),
    ];
    for (const text of vandalised) {
      expect(text).not.to.equal(whole);
      writeFileSync(file, text);
      const error = await openingError();
      expect(error, text).to.be.instanceOf(SigningGuardDamaged).with.property("message").that.includes("new key");
      expect(readFileSync(file, "utf8")).to.equal(text);
    }
    writeFileSync(file, whole);
    await (await FileSigningGuard.open(options())).close();
  });

  it("does not start on the file of another key, or of another chain", async () => {
    await used();
    const others = [
      { ...options(), key: Wallet.createRandom() },
      { ...options(), domain: certifierDomain(31337n, signingKey.key.address, `0x${"cd".repeat(32)}`) },
    ];
    for (const other of others) {
      const error = await rejection(FileSigningGuard.open(other));
      expect(error).to.be.instanceOf(SigningGuardDamaged).with.property("message").that.includes("another validator");
    }
  });

  it("goes on after a crash in the middle of writing", async () => {
    await used();
    writeFileSync(`${file}.new`, '{ "format": 1, "sig');
    const guard = await FileSigningGuard.open(options());
    expect(await rejection(guard.signVote(vote({ phase: Phase.Comparison, ...B })))).to.be.instanceOf(AlreadySigned);
    await guard.signVote(vote({ round: 3 }));
    await guard.close();
  });

  it("has written before it gives a signature", async () => {
    await used();
    const guard = await FileSigningGuard.open(options());
    for (let round = 3; round < 13; round++) {
      const { signature } = await guard.signVote(vote({ round }));
      expect(readFileSync(file, "utf8")).to.contain(signature);
    }
    await guard.close();
  });

  it("gives no signature that it cannot keep, and can go on when it can", async () => {
    await used();
    const guard = await FileSigningGuard.open(options());
    const blocked = join(folder, "guard.json.new");
    symlinkSync(join(folder, "nowhere", "file"), blocked);
    const error = await rejection(guard.signVote(vote({ round: 3 })));
    expect(error).to.be.instanceOf(SigningGuardUnwritable).with.property("message").that.includes("nothing was signed");
    rmSync(blocked);
    await guard.signVote(vote({ round: 3, ...B }));
    await guard.close();
  });

  it("signs nothing after it was closed", async () => {
    await used();
    const guard = await FileSigningGuard.open(options());
    await guard.close();
    expect(await rejection(guard.signVote(vote({ round: 3 })))).to.be.instanceOf(SigningGuardUnwritable);
  });

  it("says when its folder cannot be used", async () => {
    file = join(folder, "nowhere", "guard.json");
    expect(await rejection(FileSigningGuard.create(options()))).to.be.instanceOf(SigningGuardUnwritable);
  });
});
