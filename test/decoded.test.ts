import { expect } from "chai";
import { Interface, type ParamType, type Result } from "ethers";
import { decoded } from "../src/decoded.js";

/** What comes back of values that are encoded as the inputs of a function. */
function roundTrip(signature: string, values: readonly unknown[]): Record<string, unknown> {
  const abi = new Interface([`function f(${signature})`]);
  const fragment = abi.getFunction("f");
  const args: Result = abi.decodeFunctionData("f", abi.encodeFunctionData("f", [...values]));
  return decoded(args, fragment?.inputs as readonly ParamType[]);
}

describe("decoded", () => {
  it("gives lists of none, one and more as lists", () => {
    for (const list of [[], [1n], [1n, 2n]]) {
      expect(roundTrip("uint256[] list, bool also", [list, true])).to.deep.equal({ list, also: true });
    }
  });

  it("gives structs as objects, also in lists and in structs", () => {
    const inner = { a: 1n, b: [2n] };
    const signature = "tuple(uint256 a, uint256[] b) one, tuple(uint256 a, uint256[] b)[] many";
    expect(roundTrip(signature, [inner, [inner]])).to.deep.equal({ one: inner, many: [inner] });
  });

  it("gives a list whose name is one of an array's own", () => {
    expect(roundTrip("uint256[] keys", [[7n]])).to.deep.equal({ keys: [7n] });
  });
});
