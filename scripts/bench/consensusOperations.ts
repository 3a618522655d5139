import { concat, keccak256, toBeHex, Wallet } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import { electedSetOf } from "../../src/consensus/electedSet.js";
import { extendLeadersHash, NO_LEADERS } from "../../src/consensus/leadersHash.js";
import { Phase } from "../../src/consensus/statement.js";
import { signStatement } from "../../src/consensus/vote.js";
import { domainOf } from "../../src/eip712.js";
import { callRow, type Row, transactionRow } from "./row.js";
import type { Cost } from "./trace.js";
import { Validators } from "./validators.js";

const candidates = 1_000;
const coin = 10n ** 18n;
const seats = 21;
const signatures = 15;
const manyDelegators = 10_000;

/** The rows of elections, certificates and stakes. */
export async function measureConsensus(
  connect: () => Promise<NetworkConnection>,
  say: (line: string) => void,
  progress: (op: string) => void,
): Promise<Row[]> {
  const rows: Row[] = [];
  const add = (row: Row) => {
    progress(row.op);
    rows.push(row);
  };
  const validators = await Validators.found(await connect(), candidates, say);
  add(
    transactionRow("elect", await elect(validators), {
      aim: 300_000,
      reference: "21 seats of 1,000 candidates. Celo, 21 of only 100: 825,000",
    }),
  );
  add(
    callRow("getValidators", await getValidators(validators), {
      aim: 50_000,
      reference: "21 validators. Consensys' allow-list contract: 50,560",
    }),
  );
  const confirmation = await confirm(await Validators.found(await connect(), seats, say));
  add(
    transactionRow("confirm", confirmation, {
      aim: 220_000,
      reason:
        "21 seats come through memory from the registry, each signature is recovered and added up; the quorum is what one pays for",
      reference: "21 validators, 15 signatures; no public figure found",
    }),
  );
  add(
    transactionRow("delegate", await delegate(validators), {
      aim: 125_000,
      reference: "BSC 204,900 to 256,200; POSDAO 128,700 to 289,400; Livepeer 455,000",
    }),
  );
  const claim = await claimAmong(validators, 1, 1);
  add(transactionRow("claim", claim, { aim: 100_000, reference: "of 1 delegator" }));
  say(`${manyDelegators} delegators join ...`);
  const among = await claimAmong(validators, 2, manyDelegators);
  add(transactionRow("claim10000", among, { aim: claim.gas * 1.01, reference: "of 10,000 delegators: within 1 %" }));
  await validators.setSeats(100);
  add(
    transactionRow("elect100", await elect(validators), {
      aim: 1_100_000,
      reference: "100 seats of 1,000 candidates. Celo: 4,121,000",
    }),
  );
  return rows;
}

/** With the ring of snapshots wrapped, and every stake changed since the election before. */
async function elect(validators: Validators): Promise<Cost> {
  await validators.wrapSnapshots();
  await validators.changeStakes();
  return validators.elect();
}

async function getValidators(validators: Validators): Promise<Cost> {
  const data = validators.contracts.validatorRegistry.interface.encodeFunctionData("getValidators");
  return validators.measure(await validators.registryCall(validators.operator, data));
}

/** The second certificate of an epoch: the first opens the epoch's counters, every other one writes over them. */
async function confirm(validators: Validators): Promise<Cost> {
  await validators.elect();
  await validators.mine();
  const { blockCertifier } = validators.contracts;
  const to = await blockCertifier.getAddress();
  const first = await certificate(validators, NO_LEADERS, 0);
  const send = (one: typeof first) => ({
    from: validators.operator,
    to,
    data: blockCertifier.interface.encodeFunctionData("confirm", [one]),
  });
  await validators.send(send(first));
  const second = await certificate(validators, await blockCertifier.leadersHash(), first.height);
  return validators.measure(send(second));
}

/** Of the block after `confirmed`, or of the epoch's first. */
async function certificate(validators: Validators, leadersBefore: string, confirmed: number) {
  const { validatorRegistry, blockCertifier } = validators.contracts;
  const { epoch, set } = await electedSetOf(validatorRegistry, 1);
  const height = confirmed === 0 ? epoch.firstBlock : confirmed + 1;
  const block = await validators.provider.send("eth_getBlockByNumber", [toBeHex(height).replace("0x0", "0x"), false]);
  const slot = epoch.firstSlot + height;
  const seat = set.leaderSeat(slot);
  const leadersHash = extendLeadersHash(leadersBefore, slot, seat);
  const value = { blockHash: block.hash, stateRoot: block.stateRoot };
  const vote = { epoch: epoch.number, height, round: 0, phase: Phase.Comparison, ...value, leadersHash };
  const domain = await domainOf(blockCertifier);
  const strongest = set.seats
    .map(({ power, validator }, index) => ({ power, validator, index }))
    .sort((a, b) => Number(b.power - a.power))
    .slice(0, signatures)
    .sort((a, b) => a.index - b.index);
  const signed = await Promise.all(
    strongest.map(({ validator }) => signStatement(validators.walletOf(validator), domain, vote)),
  );
  return {
    epoch: epoch.number,
    height,
    round: 0,
    ...value,
    leaders: [(BigInt(slot) << 8n) | BigInt(seat)],
    signers: strongest.reduce((bits, { index }) => bits | (1n << BigInt(index)), 0n),
    signatures: concat(signed.map(({ signature }) => signature)),
  };
}

/** A newcomer's stake, by which the candidate rises by ten places. */
async function delegate(validators: Validators): Promise<Cost> {
  const { validatorRegistry } = validators.contracts;
  const newcomer = Wallet.createRandom().address;
  await validators.fund([newcomer], 100n * coin);
  const order = await validators.ranked();
  const candidate = order[50] ?? 0;
  const overtaken = order[40] ?? 0;
  const above = order[39] ?? 0;
  const [from, over] = await Promise.all([validatorRegistry.poolOf(candidate), validatorRegistry.poolOf(overtaken)]);
  const amount = over.bonded - from.bonded + coin / 2n;
  const data = validatorRegistry.interface.encodeFunctionData("delegate", [candidate, amount, above]);
  return validators.measure(await validators.registryCall(newcomer, data));
}

/** What a delegator pays for claiming rewards, with a candidate that has `delegators` of them. */
async function claimAmong(validators: Validators, candidate: number, delegators: number): Promise<Cost> {
  const { validatorRegistry } = validators.contracts;
  const accounts = Array.from({ length: delegators }, (_, i) => accountOf(candidate, i));
  await validators.fund(accounts, coin);
  const data = validatorRegistry.interface.encodeFunctionData("delegate", [candidate, coin, 0]);
  const to = await validatorRegistry.getAddress();
  await validators.sendAll(accounts.map((from) => ({ from, to, data })));
  await validators.reward(candidate, 1_000n * coin);
  // The second claim writes over what the first one wrote.
  const claim = validatorRegistry.interface.encodeFunctionData("claimRewards", [candidate]);
  await validators.send({ from: accountOf(candidate, 0), to, data: claim });
  await validators.reward(candidate, 1_000n * coin);
  return validators.measure({ from: accountOf(candidate, 0), to, data: claim });
}

function accountOf(candidate: number, index: number): string {
  return `0x${keccak256(concat([toBeHex(candidate, 32), toBeHex(index, 32)])).slice(26)}`;
}
