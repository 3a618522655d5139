import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { NothingCompiled, writeSlitherInput } from "../../scripts/ci/slitherInput.js";

describe("the input of slither", () => {
  let folder: string;
  const to = () => join(folder, "to");

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "healthchain-slither-"));
    await mkdir(join(folder, "build-info"));
  });

  afterEach(async () => await rm(folder, { recursive: true }));

  async function build(id: string, ...names: string[]): Promise<void> {
    const sources = Object.fromEntries(names.map((name) => [name, {}]));
    const file = join(folder, "build-info", id);
    await writeFile(`${file}.json`, JSON.stringify({ solcVersion: "0.8.37", input: { sources } }));
    await writeFile(`${file}.output.json`, JSON.stringify({ output: { sources, contracts: sources } }));
  }

  it("joins the compiler's input and output, without Solidity tests and doubles", async () => {
    await build("solc", "project/contracts/Coin.sol", "npm/x@1/X.sol", "project/test/coin/Coin.t.sol");
    await writeSlitherInput(folder, to());
    const kept = { "project/contracts/Coin.sol": {}, "npm/x@1/X.sol": {} };
    expect(JSON.parse(await readFile(join(to(), "build-info", "0.json"), "utf8"))).to.deep.equal({
      solcVersion: "0.8.37",
      input: { sources: kept },
      output: { sources: kept, contracts: kept },
    });
  });

  it("leaves out builds of tests only", async () => {
    await build("a", "project/test/coin/Coin.t.sol");
    await build("b", "project/contracts/Coin.sol");
    await writeSlitherInput(folder, to());
    expect(await readdir(join(to(), "build-info"))).to.have.length(1);
  });

  it("refuses a build without contracts: nothing analysed is not nothing found", async () => {
    await build("a", "project/test/coin/Coin.t.sol");
    const failure = await writeSlitherInput(folder, to()).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).to.be.instanceOf(NothingCompiled);
  });
});
