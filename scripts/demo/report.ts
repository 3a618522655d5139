import { formatEther } from "ethers";
import type { RoleName } from "../../src/accounts/index.js";
import type { PurposeOfUseCode } from "../../src/records/purposeOfUse.js";

/** One thing that must be so, tried. */
export interface Scene {
  readonly name: string;
  readonly expected: string;
  readonly got: string;
  /** What was seen, for people. */
  readonly reason: string;
}

/** A file of the input that is in no record, and why. */
export interface FileRemark {
  readonly file: string;
  readonly reason: string;
}

/** What an institution did as a validator, in all epochs. */
export interface ValidatorReport {
  /** Checksummed address, which signs its votes. */
  readonly address: string;
  /** Coin at stake with it at the end, after any slash. */
  readonly stake: number;
  /** Its part of the voting power at the end, from 0 (not elected) to below 1/3. */
  readonly share: number;
  /** Confirmed blocks that it made. */
  readonly led: number;
  /** Confirmed blocks that it signed. */
  readonly signed: number;
  /** Coin that it and its delegators were paid. */
  readonly earned: number;
}

/** What the validators did. */
export interface ConsensusReport {
  /** Epochs that began. */
  readonly epochs: number;
  /** Blocks that validators decided: all after the first election. */
  readonly blocks: number;
  /** Those of them that are confirmed on chain, by more than two thirds. */
  readonly confirmed: number;
  /** Everybody who ever was elected, by the institutions' numbers. */
  readonly validators: readonly ValidatorReport[];
}

/** How the coin of one account changed from before the market's scenes to after them. */
export interface LedgerRow {
  /** Checksummed address. Of the emission it is the coin's. */
  readonly account: string;
  /** Whose it is: `emission` loses what is minted, `escrow` is a contract of the market, `validators` the registry of their stakes. */
  readonly role: Lowercase<RoleName> | "emission" | "escrow" | "validators";
  /** In wei of coin, a whole number in decimal digits. All of them together are 0. */
  readonly delta: string;
}

/** What was sold on the market, and who was paid. Amounts of coin are in wei, in decimal digits. */
export interface MarketReport {
  /** Number of the dataset, and the version of it that was sold. */
  readonly dataset: number;
  readonly version: number;
  /** Records in that version. */
  readonly records: number;
  readonly order: {
    readonly id: number;
    /** Of a record. */
    readonly price: string;
    /** Records. */
    readonly amount: number;
    /** What went into escrow. */
    readonly payment: string;
    readonly purpose: PurposeOfUseCode;
    readonly buyer: string;
  };
  readonly delivered: {
    readonly records: number;
    readonly resources: number;
    /** Of what the buyer decrypted. */
    readonly bytes: number;
    /** How the content keys were wrapped. */
    readonly suite: string;
  };
  /** Proofs of leaves against the manifest on chain, of sections against their records, and of records against the index. */
  readonly proofs: { readonly verified: number; readonly failed: number };
  /** Delivered texts that were searched for who it is, and what was found. */
  readonly leaks: { readonly searched: number; readonly found: number };
  /** Codes and quantities in what was delivered that are in the source, as they are written there. */
  readonly kept: { readonly codes: number; readonly quantities: number };
  readonly ledger: readonly LedgerRow[];
}

/** What the demo did and saw. */
export interface DemoReport {
  readonly patients: number;
  readonly institutions: number;
  readonly doctors: number;
  readonly wallets: number;
  /** Encounters of the input's patient bundles, each of them a record on chain. */
  readonly records: number;
  /** Sections of all records, the copies of people and organizations included. */
  readonly sections: number;
  /** Resources of the input's patient bundles: each is placed in one record or belongs to the directory. */
  readonly resources: { readonly input: number; readonly placed: number; readonly directory: number };
  readonly files: {
    readonly read: number;
    /** Not patient bundles. */
    readonly skipped: readonly FileRemark[];
    readonly broken: readonly FileRemark[];
  };
  /** What the input did not say clearly, and what was made of it. */
  readonly remarks: readonly string[];
  readonly scenes: readonly Scene[];
  readonly consensus: ConsensusReport;
  /** None where nothing could be sold. */
  readonly market?: MarketReport;
  /** Seconds that each phase took. */
  readonly seconds: Readonly<Record<string, number>>;
}

/** Whether every scene went as expected. */
export function allAsExpected({ scenes }: DemoReport): boolean {
  return scenes.every(({ expected, got }) => expected === got);
}

/** The report for people to read. */
export function summaryOf(report: DemoReport): string[] {
  const { patients, institutions, doctors, wallets, records, sections, resources, files, scenes, seconds } = report;
  const { epochs, blocks, confirmed, validators } = report.consensus;
  const failed = scenes.filter(({ expected, got }) => expected !== got);
  return [
    "",
    `${patients} patients with ${wallets} wallets, ${institutions} institutions, ${doctors} doctors`,
    `${records} records with ${sections} sections: ${resources.input} resources = ${resources.placed} placed + ${resources.directory} directory`,
    `${blocks} blocks of ${epochs} epochs, ${confirmed} of them confirmed by more than two thirds`,
    ...validators.map(validatorLine),
    ...(report.market ? marketLines(report.market) : []),
    ...files.skipped.map(({ file, reason }) => `skipped ${file}: ${reason}`),
    ...files.broken.map(({ file, reason }) => `BROKEN ${file}: ${reason}`),
    ...report.remarks.map((remark) => `note: ${remark}`),
    "",
    ...scenes.map(sceneLine),
    "",
    `seconds: ${Object.entries(seconds)
      .map(([phase, value]) => `${phase} ${value.toFixed(1)}`)
      .join(", ")}`,
    failed.length === 0
      ? `All ${scenes.length} scenes as expected.`
      : `${failed.length} of ${scenes.length} scenes FAILED.`,
  ];
}

function validatorLine({ address, stake, share, led, signed, earned }: ValidatorReport): string {
  const power = share === 0 ? "not elected now" : `${percent(share)} of the power`;
  return `validator ${address}: ${power}, ${coins(stake)} at stake; led ${led}, signed ${signed}, earned ${coins(earned)}`;
}

function marketLines({ records, order, delivered, proofs, leaks, kept, ledger }: MarketReport): string[] {
  const { price, amount, payment, purpose } = order;
  const sums = new Map<string, bigint>();
  for (const { role, delta } of ledger) sums.set(role, (sums.get(role) ?? 0n) + BigInt(delta));
  const changes = [...sums].map(([role, sum]) => `${role} ${coinsOf(sum)}`);
  return [
    `market: ${amount} of ${records} records ordered for ${purpose} at ${coinsOf(price)} each, ${coinsOf(payment)} in all`,
    `market: ${delivered.records} records with ${delivered.resources} resources delivered (${delivered.suite}), ${proofs.verified} proofs hold, ${proofs.failed} do not`,
    `market: ${leaks.found} facts that say who in ${leaks.searched} texts, ${kept.codes} codes and ${kept.quantities} quantities as in the source`,
    `market: who gained and lost: ${changes.join(", ")}`,
  ];
}

/** A part of a whole, for people. */
export function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}

/** An amount of coin, for people. */
export function coins(amount: number): string {
  return `${amount.toFixed(2)} coins`;
}

/** An amount of coin in wei, for people. */
export function coinsOf(wei: bigint | string): string {
  return coins(Number(formatEther(wei)));
}

/** One scene in a line. */
export function sceneLine({ name, expected, got }: Scene): string {
  return expected === got ? `  ok    ${name}: ${got}` : `  FAIL  ${name}: expected ${expected}, got ${got}`;
}

/** One scene in a line, with what was seen. */
export function sceneStory(scene: Scene): string {
  return scene.reason === "" ? sceneLine(scene) : `${sceneLine(scene)} (${scene.reason})`;
}
