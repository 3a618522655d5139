// Writes the example bundles: `node scripts/generateBundles.ts` (Node 22.18 or newer).
import { mkdirSync, writeFileSync } from "node:fs";
import { registerHooks } from "node:module";

// Imports name the `.js` that TypeScript would emit; Node strips types but looks for the file that is named.
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier.startsWith(".") ? specifier.replace(/\.js$/, ".ts") : specifier, context),
});
const { committedSeed, generateBundles } = await import("./fixtures/bundles.js");

const folder = new URL("../data/fhir-r4/", import.meta.url);
const bundles = generateBundles(committedSeed);
mkdirSync(folder, { recursive: true });
for (const [name, text] of bundles) writeFileSync(new URL(name, folder), text);
console.log(`Wrote ${bundles.size} bundles to data/fhir-r4.`);
