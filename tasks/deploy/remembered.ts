import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DeploymentParameters } from "../../ignition/parameters.js";
import { readParameters } from "./parameters.js";

const FILE = "healthchain-parameters.json";

/** The parameters with which a deployment was begun, if it was. */
export async function parametersOf(folder: string): Promise<Partial<DeploymentParameters> | undefined> {
  let text: string;
  try {
    text = await readFile(join(folder, FILE), "utf8");
  } catch {
    return undefined;
  }
  return readParameters(JSON.parse(text) as unknown);
}

/** Keeps the parameters beside the deployment's other files, before it begins: an interrupted one goes on with them. */
export async function rememberParameters(folder: string, parameters: Partial<DeploymentParameters>): Promise<void> {
  const text = JSON.stringify(
    parameters,
    (_, value: unknown) => (typeof value === "bigint" ? `${value}wei` : value),
    2,
  );
  await mkdir(folder, { recursive: true });
  const file = join(folder, FILE);
  await writeFile(`${file}.new`, `${text}\n`);
  await rename(`${file}.new`, file);
}
