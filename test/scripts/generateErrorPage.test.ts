import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { errorPage, errorsIn } from "../../scripts/generateErrorPage.js";

describe("scripts/generateErrorPage", () => {
  it("takes an error with its comment, over several lines", () => {
    const source =
      "    /// @notice It is late.\n    /// Remedy: sign again.\n    error TooLate(uint256 deadline);\n    error Bare();\n";
    expect(errorsIn(source)).to.deep.equal([
      { name: "TooLate", signature: "TooLate(uint256 deadline)", text: "It is late. Remedy: sign again." },
    ]);
  });

  it("gives the committed page", async () => {
    const committed = await readFile(new URL("../../docs/errors.md", import.meta.url), "utf8");
    expect(committed).to.equal(await errorPage());
  });
});
