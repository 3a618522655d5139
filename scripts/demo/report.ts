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

/** A part of a whole, for people. */
export function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}

/** An amount of coin, for people. */
export function coins(amount: number): string {
  return `${amount.toFixed(2)} coins`;
}

/** One scene in a line. */
export function sceneLine({ name, expected, got }: Scene): string {
  return expected === got ? `  ok    ${name}: ${got}` : `  FAIL  ${name}: expected ${expected}, got ${got}`;
}

/** One scene in a line, with what was seen. */
export function sceneStory(scene: Scene): string {
  return scene.reason === "" ? sceneLine(scene) : `${sceneLine(scene)} (${scene.reason})`;
}
