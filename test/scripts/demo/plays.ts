import { cp, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DemoOptions, runDemo } from "../../../scripts/demo/demo.js";
import type { DemoReport } from "../../../scripts/demo/report.js";

/** The example bundles. */
export const examples = new URL("../../../data/fhir-r4/", import.meta.url);
export const silent = () => undefined;

/** A folder with a few of the example bundles, and whatever a test adds. */
export async function folderOf(count: number, extra: Record<string, string | Uint8Array> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "healthchain-demo-test-"));
  const patients = (await readdir(examples)).filter((file) => /^[a-z]+-.*\.json$/.test(file)).sort();
  for (const file of patients.slice(0, count)) await cp(new URL(file, examples), join(folder, file));
  for (const [file, content] of Object.entries(extra)) await writeFile(join(folder, file), content);
  return folder;
}

/** Plays the demo on a folder, which is gone then. */
export async function play(folder: string, options: Partial<DemoOptions> = {}): Promise<DemoReport> {
  try {
    return await runDemo({ data: folder, say: silent, ...options });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The scenes that did not go as expected. */
export const failed = ({ scenes }: DemoReport) => scenes.filter(({ expected, got }) => expected !== got);
