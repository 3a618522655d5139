import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { FileSigningGuard } from "../../../src/consensus/guard/fileSigningGuard.js";
import { MemorySigningGuard } from "../../../src/consensus/guard/memorySigningGuard.js";
import type { SigningGuard } from "../../../src/consensus/guard/signingGuard.js";
import { AlreadySigned } from "../../../src/consensus/guard/signingRecord.js";
import { StatementInvalid } from "../../../src/consensus/readStatement.js";
import { Phase } from "../../../src/consensus/statement.js";
import { TendermintMachine } from "../../../src/consensus/tendermint/machine.js";
import { ValidatorSet } from "../../../src/consensus/validatorSet.js";
import { NIL } from "../../../src/consensus/value.js";
import { isSignedByItsSigner } from "../../../src/consensus/vote.js";
import { rejection } from "../../enrolled.js";
import { A, B } from "../validators.js";
import { proposal, signingKey, vote } from "./key.js";

const { Verdict, Comparison } = Phase;

/** What every guard promises. `make` gives one that has signed nothing; `again` the same after a restart, if it can. */
function promises(make: () => Promise<SigningGuard>, again: (guard: SigningGuard) => Promise<SigningGuard>): void {
  let guard: SigningGuard;

  beforeEach(async () => {
    guard = await make();
  });

  const refuses = async (signing: Promise<unknown>) => expect(await rejection(signing)).to.be.instanceOf(AlreadySigned);

  it("signs as the validator", async () => {
    for (const signed of [await guard.signProposal(proposal()), await guard.signVote(vote())]) {
      expect(signed.signer).to.equal(signingKey.key.address);
      expect(isSignedByItsSigner(signingKey.domain, signed)).to.equal(true);
    }
  });

  it("gives the same signature for the same statement", async () => {
    const first = await guard.signVote(vote());
    guard = await again(guard);
    expect(await guard.signVote(vote())).to.deep.equal(first);
    expect(await guard.signVote(vote({ blockHash: A.blockHash.toUpperCase().replace("X", "x") }))).to.deep.equal(first);
  });

  it("refuses another content for the same step, whatever differs", async () => {
    await guard.signVote(vote());
    guard = await again(guard);
    for (const change of [B, NIL, { epoch: 2 }, { stateRoot: B.blockHash }, { leadersHash: B.blockHash }]) {
      await refuses(guard.signVote(vote(change)));
    }
    guard = await again(guard);
    await guard.signProposal(proposal({ round: 3 }));
    await refuses(guard.signProposal(proposal({ round: 3, validRound: 1 })));
    await refuses(guard.signProposal(proposal({ round: 3, ...B })));
  });

  it("refuses what is earlier in height, round or step", async () => {
    await guard.signVote(vote({ phase: Comparison }));
    guard = await again(guard);
    await refuses(guard.signVote(vote({ phase: Verdict })));
    await refuses(guard.signProposal(proposal()));
    await refuses(guard.signVote(vote({ round: 1, phase: Comparison })));
    await refuses(guard.signVote(vote({ height: 4, round: 9 })));
  });

  it("signs each later step: proposal, verdict, comparison, the next round, the next height", async () => {
    await guard.signProposal(proposal());
    await guard.signVote(vote({ phase: Verdict }));
    await guard.signVote(vote({ phase: Comparison }));
    guard = await again(guard);
    await guard.signProposal(proposal({ round: 3 }));
    await guard.signVote(vote({ round: 7, phase: Comparison, ...NIL }));
    await guard.signVote(vote({ height: 6, round: 0 }));
  });

  it("signs one of two that are asked for at once", async () => {
    const results = await Promise.allSettled([
      guard.signVote(vote()),
      guard.signVote(vote(B)),
      guard.signVote(vote(NIL)),
    ]);
    expect(results.map(({ status }) => status)).to.deep.equal(["fulfilled", "rejected", "rejected"]);
  });

  it("says in its refusal what was signed, and what to do", async () => {
    await guard.signVote(vote({ phase: Comparison, ...NIL }));
    const error = await rejection(guard.signVote(vote()));
    expect(error).to.have.property("message").that.includes("comparison on nil in height 5, round 2");
    expect(error).to.have.property("message").that.includes("second node");
  });

  it("refuses a malformed statement, and can be used after it", async () => {
    expect(await rejection(guard.signVote(vote({ round: -1 })))).to.be.instanceOf(StatementInvalid);
    expect(await rejection(guard.signProposal(proposal(NIL)))).to.be.instanceOf(StatementInvalid);
    await guard.signVote(vote());
  });

  it("locks on the last comparison with a value, in its height", async () => {
    expect(guard.lock()).to.equal(undefined);
    await guard.signVote(vote({ phase: Verdict }));
    expect(guard.lock()).to.equal(undefined);
    await guard.signVote(vote({ phase: Comparison }));
    guard = await again(guard);
    expect(guard.lock()).to.deep.equal({ height: 5, round: 2, value: A });
    await guard.signVote(vote({ round: 3, phase: Comparison, ...NIL }));
    guard = await again(guard);
    expect(guard.lock()).to.deep.equal({ height: 5, round: 2, value: A });
    await guard.signVote(vote({ round: 4, phase: Comparison, ...B }));
    expect(guard.lock()).to.deep.equal({ height: 5, round: 4, value: B });
    await guard.signVote(vote({ height: 6, round: 0 }));
    guard = await again(guard);
    expect(guard.lock()).to.equal(undefined);
  });

  it("gives a restarted validator's machine its lock", async () => {
    await guard.signVote(vote({ phase: Comparison }));
    guard = await again(guard);
    const set = new ValidatorSet(1, [{ validator: guard.signer, candidate: 1, power: 1n }]);
    const machine = new TendermintMachine({ height: 5, set, parentSlot: 0, self: guard.signer, lock: guard.lock() });
    expect(machine.locked).to.deep.equal({ round: 2, value: A });
    expect(machine.valid).to.deep.equal({ round: 2, value: A });
    const [action] = machine.handle({ kind: "roundStarted", round: 3 });
    expect(action).to.deep.include({ kind: "propose", validRound: 2, value: A });
  });
}

describe("consensus/guard/memorySigningGuard", () => {
  promises(
    () => MemorySigningGuard.of(signingKey),
    async (guard) => guard,
  );
});

describe("consensus/guard/fileSigningGuard, restarted at any time", () => {
  let folder: string;
  let opened: FileSigningGuard | undefined;

  const options = () => ({ file: join(folder, "guard.json"), ...signingKey });
  const reopen = async () => {
    await opened?.close();
    opened = await FileSigningGuard.open(options());
    return opened;
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "guard-"));
    opened = await FileSigningGuard.create(options());
  });

  afterEach(async () => {
    await opened?.close();
    opened = undefined;
    rmSync(folder, { recursive: true });
  });

  promises(reopen, reopen);
});
