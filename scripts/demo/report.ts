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
  const failed = scenes.filter(({ expected, got }) => expected !== got);
  return [
    "",
    `${patients} patients with ${wallets} wallets, ${institutions} institutions, ${doctors} doctors`,
    `${records} records with ${sections} sections: ${resources.input} resources = ${resources.placed} placed + ${resources.directory} directory`,
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

/** One scene in a line. */
export function sceneLine({ name, expected, got }: Scene): string {
  return expected === got ? `  ok    ${name}: ${got}` : `  FAIL  ${name}: expected ${expected}, got ${got}`;
}

/** One scene in a line, with what was seen. */
export function sceneStory(scene: Scene): string {
  return scene.reason === "" ? sceneLine(scene) : `${sceneLine(scene)} (${scene.reason})`;
}
