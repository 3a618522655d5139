import { readFile } from "node:fs/promises";

/** A finding of slither's, as its report has it. */
export interface Finding {
  /** Slither's name of the check. */
  readonly check: string;
  readonly impact: string;
  readonly description: string;
  readonly elements: readonly Element[];
}

interface Element {
  readonly type: string;
  readonly name: string;
  readonly type_specific_fields?: { readonly signature?: string; readonly parent?: Element };
}

/** Why a finding is not a fault. */
export interface Explanation {
  readonly check: string;
  /** Contract and function, as {@link placeOf} writes them. */
  readonly where: string;
  readonly reason: string;
}

/** What is left after the explanations. */
export interface Verdict {
  /** Findings of high or medium impact that nobody has explained. */
  readonly unexplained: readonly Finding[];
  /** Explanations of what slither does not find any more. */
  readonly stale: readonly Explanation[];
}

/** Where a finding is, without line numbers: `RecordRegistry.register(address,bytes)`. */
export function placeOf({ elements }: Finding): string {
  const [first] = elements;
  return first === undefined ? "" : placeOfElement(first);
}

function placeOfElement({ type, name, type_specific_fields: fields }: Element): string {
  const parent = fields?.parent;
  if (type === "node" && parent !== undefined) return placeOfElement(parent);
  const own = fields?.signature ?? name;
  return parent?.type === "contract" ? `${parent.name}.${own}` : own;
}

/** Compares slither's findings with the explanations. */
export function judge(findings: readonly Finding[], explanations: readonly Explanation[]): Verdict {
  const serious = findings.filter(({ impact }) => impact === "High" || impact === "Medium");
  const explains = (finding: Finding) => (explanation: Explanation) =>
    explanation.check === finding.check && explanation.where === placeOf(finding) && explanation.reason !== "";
  return {
    unexplained: serious.filter((finding) => !explanations.some(explains(finding))),
    stale: explanations.filter((explanation) => !serious.some((finding) => explains(finding)(explanation))),
  };
}

async function main(report: string, explained: string): Promise<void> {
  const { success, error, results } = JSON.parse(await readFile(report, "utf8")) as {
    readonly success: boolean;
    readonly error: string | null;
    readonly results: { readonly detectors?: readonly Finding[] };
  };
  if (!success) throw new Error(`Slither could not analyse the contracts: ${error}`);
  const findings = results.detectors ?? [];
  const explanations = JSON.parse(await readFile(explained, "utf8")) as readonly Explanation[];
  const { unexplained, stale } = judge(findings, explanations);
  for (const finding of unexplained) {
    console.log(`UNEXPLAINED ${finding.impact} ${finding.check} in ${placeOf(finding)}\n${finding.description}`);
  }
  for (const { check, where } of stale) console.log(`STALE explanation of ${check} in ${where}: remove it`);
  console.log(`slither: ${findings.length} findings, ${unexplained.length} to fix or explain in ${explained}`);
  process.exitCode = unexplained.length + stale.length === 0 ? 0 : 1;
}

if (import.meta.main) {
  const [report, explained] = process.argv.slice(2);
  if (report === undefined || explained === undefined) {
    throw new Error("Usage: node slitherFindings.ts REPORT EXPLANATIONS");
  }
  await main(report, explained);
}
