import { concat, type Signer } from "ethers";
import type { Evidence } from "../../../src/consensus/evidence.js";
import type { Proposal, Signed, Vote } from "../../../src/consensus/statement.js";
import type { Certificate, DecidedBlock } from "../decided.js";
import type { Ledger } from "../ledger/ledger.js";
import { CHAIN_ID } from "../replica/edr.js";
import type { EvidencePool } from "./evidencePool.js";

/** A call of a consensus contract that a leader puts first into its block. */
export interface SystemCall {
  readonly to: string;
  readonly data: string;
  readonly gasLimit: bigint;
}

/** Gas for one call: well above what it needs, with up to 128 seats. */
const gasFor = {
  confirm: (seats: number, blocks: number) => BigInt(500_000 + 12_000 * seats + 6_000 * blocks),
  elect: (seats: number) => BigInt(1_500_000 + 30_000 * seats),
  settle: (seats: number) => BigInt(500_000 + 60_000 * seats),
  report: () => 1_500_000n,
} as const;

/** Blocks that one certificate confirms: more than one only after leaders failed to confirm. */
const MAX_RANGE = 200;

/** Certificates in one block. */
const MAX_CONFIRMATIONS = 2;

/** Reports in one block. */
const MAX_REPORTS = 4;

/**
 * What the leader of a block has to do for the consensus: confirm its parent, elect the next validators when they are due,
 * settle an epoch that is over, report what liars did.
 *
 * @param timestamp of the block, in seconds since 1970.
 * @param certificate of the head, with the comparisons that came late; the ledger's by default.
 */
export async function systemCalls(
  ledger: Ledger,
  timestamp: number,
  certificate: Certificate | undefined,
  evidence: EvidencePool,
): Promise<SystemCall[]> {
  const blockTag = ledger.head.number;
  const [confirmed, settled, rules] = await Promise.all([
    ledger.certifier.confirmedHeight({ blockTag }).then(Number),
    ledger.certifier.settledEpoch({ blockTag }).then(Number),
    ledger.registry.rules({ blockTag }),
  ]);
  const confirmations = await confirmationsFrom(ledger, confirmed, certificate);
  const reached = confirmations.at(-1)?.height ?? confirmed;
  const isDue = timestamp >= ledger.head.epochStartedAt + Number(rules.epochLength);
  return [
    ...confirmations.map(({ call }) => call),
    ...(isDue ? [await callOf(gasFor.elect(Number(rules.seats)), ledger.registry.elect.populateTransaction())] : []),
    ...(isOver(ledger, settled + 1, reached)
      ? [await callOf(gasFor.settle(seatsOf(ledger, settled + 1)), ledger.certifier.settleEpoch.populateTransaction())]
      : []),
    ...(await reports(ledger, evidence)),
  ];
}

/**
 * Signs calls as transactions of the leader's own account, in order. They cost it nothing, as gas is free.
 *
 * @param nonce the account's next nonce at the head.
 */
export function signCalls(signer: Signer, nonce: number, calls: readonly SystemCall[]): Promise<string[]> {
  return Promise.all(
    calls.map(({ to, data, gasLimit }, index) =>
      signer.signTransaction({
        type: 2,
        chainId: CHAIN_ID,
        nonce: nonce + index,
        to,
        data,
        gasLimit,
        maxFeePerGas: 0n,
        maxPriorityFeePerGas: 0n,
      }),
    ),
  );
}

interface Confirmation {
  readonly height: number;
  readonly call: SystemCall;
}

/** One certificate proves the blocks of its epoch before it; each epoch that is not confirmed to its end needs one of its own. */
async function confirmationsFrom(
  ledger: Ledger,
  confirmed: number,
  ofHead: Certificate | undefined,
): Promise<Confirmation[]> {
  const found: Confirmation[] = [];
  let start = Math.max(confirmed + 1, ledger.firstHeight);
  while (start <= ledger.head.number && found.length < MAX_CONFIRMATIONS) {
    const height = lastOfRange(ledger, start);
    const [decided] = await ledger.read(height, 1);
    if (decided === undefined) break;
    const isHead = height === ledger.head.number;
    const certificate = isHead && ofHead !== undefined ? ofHead : decided.certificate;
    found.push({ height, call: await confirmCall(ledger, start, { ...decided, certificate }) });
    start = height + 1;
  }
  return found;
}

/** The last decided block that one certificate can prove together with a first one. */
function lastOfRange(ledger: Ledger, start: number): number {
  const epoch = ledger.madeOf(start)?.epoch;
  const end = Math.min(ledger.head.number, start + MAX_RANGE - 1);
  let height = start;
  while (height < end && ledger.madeOf(height + 1)?.epoch === epoch) height += 1;
  return height;
}

function seatsOf(ledger: Ledger, epoch: number): number {
  return ledger.setOf(epoch)?.seats.length ?? ledger.head.set.seats.length;
}

function confirmCall(ledger: Ledger, start: number, { block, certificate }: DecidedBlock): Promise<SystemCall> {
  const leaders: bigint[] = [];
  for (let height = start; height <= block.number; height++) leaders.push(leaderWord(ledger, height));
  const signatures = signaturesBySeat(ledger, certificate);
  return callOf(
    gasFor.confirm(seatsOf(ledger, certificate.epoch), leaders.length),
    ledger.certifier.confirm.populateTransaction({
      epoch: certificate.epoch,
      height: block.number,
      round: certificate.round,
      blockHash: block.hash,
      stateRoot: block.stateRoot,
      leaders,
      signers: signatures.reduce((bits, { seat }) => bits | (1n << BigInt(seat)), 0n),
      signatures: concat(signatures.map(({ signature }) => signature)),
    }),
  );
}

/** The certifier's word for the maker of a block: slot << 8 | seat. */
function leaderWord(ledger: Ledger, height: number): bigint {
  const { slot, seat } = ledger.madeOf(height) ?? { slot: 0, seat: 0 };
  return (BigInt(slot) << 8n) | BigInt(seat);
}

function signaturesBySeat(ledger: Ledger, { epoch, signatures }: Certificate) {
  const set = ledger.setOf(epoch);
  return signatures
    .flatMap(({ signer, signature }) => {
      const seat = set?.seatOf(signer);
      return seat === undefined ? [] : [{ seat, signature }];
    })
    .sort((a, b) => a.seat - b.seat);
}

/** Whether an epoch has ended, and is confirmed up to its last block once the block before `reached + 1` is. */
function isOver(ledger: Ledger, epoch: number, reached: number): boolean {
  return epoch < ledger.head.set.epoch && lastHeightOf(ledger, epoch) <= reached;
}

/** The last block of an epoch that is over; below all others if no block of it was decided here. */
function lastHeightOf(ledger: Ledger, epoch: number): number {
  let height = ledger.head.number;
  while (height >= ledger.firstHeight && (ledger.madeOf(height)?.epoch ?? 0) > epoch) height -= 1;
  return height;
}

/** The evidence that the certifier accepts; what it does not (any more) is settled. */
async function reports(ledger: Ledger, evidence: EvidencePool): Promise<SystemCall[]> {
  const accepted: SystemCall[] = [];
  for (const found of evidence.waiting()) {
    if (accepted.length === MAX_REPORTS) break;
    // Until its height is decided, the certifier does not want to hear of it.
    if (found.first.statement.height > ledger.head.number) continue;
    const call = await reportCall(ledger, found);
    if (await succeeds(ledger, call)) accepted.push(call);
    else evidence.settle(found);
  }
  return accepted;
}

function reportCall({ certifier }: Ledger, evidence: Evidence): Promise<SystemCall> {
  switch (evidence.kind) {
    case "doubleVote": {
      const { first, second } = evidence;
      return callOf(gasFor.report(), certifier.reportEquivocation.populateTransaction(voteIn(first), voteIn(second)));
    }
    case "doubleProposal": {
      const { first, second } = evidence;
      return callOf(
        gasFor.report(),
        certifier.reportDoubleProposal.populateTransaction(proposalIn(first), proposalIn(second)),
      );
    }
    case "dispute": {
      const { first, second } = evidence;
      return callOf(gasFor.report(), certifier.recordDispute.populateTransaction(voteIn(first), voteIn(second)));
    }
  }
}

async function succeeds({ replica, head }: Ledger, { to, data }: SystemCall): Promise<boolean> {
  try {
    await replica.request("eth_call", [{ to, data }, `0x${head.number.toString(16)}`]);
    return true;
  } catch {
    return false;
  }
}

async function callOf(
  gasLimit: bigint,
  populated: Promise<{ readonly to: string; readonly data: string }>,
): Promise<SystemCall> {
  const { to, data } = await populated;
  return { to, data, gasLimit };
}

function voteIn({ statement, signature }: Signed<Vote>) {
  return { vote: { ...statement }, signature };
}

function proposalIn({ statement, signature }: Signed<Proposal>) {
  return { proposal: { ...statement }, signature };
}
